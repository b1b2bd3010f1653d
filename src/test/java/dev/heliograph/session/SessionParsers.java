package dev.heliograph.session;

import static dev.heliograph.fuzz.Parser.CALLER;
import static dev.heliograph.fuzz.Parser.CATALOGUE;
import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.http.Query;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Set;

/** What is fuzzed of this package, and the cursor on which it stands. */
public final class SessionParsers {
    private SessionParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofText("cursor", SessionParsers::readCursor, "3h9sgg2sl4t9f-1", "a-0", "a-999999999999999999"),
                Parser.ofLines(
                        "cursor vector",
                        SessionParsers::readVector,
                        "a-1",
                        "a-1.b-2\n",
                        ".b-2.\n\n",
                        "3h9sgg2sl4t9f-1..7kq2m1c0aa9x-9\n\n"),
                Parser.ofRequest(
                        "selection",
                        SessionParsers::readSelection,
                        "/?channel=orders-1&channel=orders.*&event=order.updated",
                        "/?channel=orders-1&document=true",
                        "/?channel=orders-1&channel=finance-1"));
    }

    private static void readCursor(String written) {
        require(Position.parse(written).cursor().equals(written), "a cursor stays as it is", written);
    }

    /** One channel for each line. */
    private static void readVector(List<String> lines) {
        CursorVector vector = CursorVector.parse("cursor", lines.get(0), lines.size());

        require(vector.cursor().equals(lines.get(0)), "a cursor stays as it is", lines);
        for (int i = 0; i < lines.size(); i++) {
            require(vector.at(i) == null || lines.get(0).contains(vector.at(i).cursor()), "positions came", lines);
        }
    }

    private static void readSelection(FuzzedRequest request) {
        var names = Set.of(Selection.CHANNEL, Selection.EVENT);
        Selection selection =
                Selection.read(CATALOGUE, CALLER, Query.read(request.parameters(), Set.of(Selection.DOCUMENT), names));

        selection.channels().forEach(Parser::requireGranted);
        require(
                !selection.channels().isEmpty() && selection.channels().size() <= Selection.MAX_CHANNELS,
                "as many channels as may be",
                selection);
        require(Set.copyOf(selection.channels()).size() == selection.channels().size(), "each once", selection);
        require(
                selection.types().stream().allMatch(type -> type.matches("order\\.(created|updated)")),
                "only types of the namespace",
                selection);
    }
}
