package dev.heliograph.transport.poll;

import static dev.heliograph.fuzz.Parser.CALLER;
import static dev.heliograph.fuzz.Parser.CATALOGUE;
import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Optional;

/** What is fuzzed of this package. */
public final class PollParsers {
    private PollParsers() {}

    public static List<Parser> all() {
        return List.of(Parser.ofRequest(
                "poll",
                PollParsers::read,
                "/api/realtime/poll?channel=orders-1&wait=25\nIf-None-Match: \"a-1\"",
                "/api/realtime/poll?channel=orders-1&channel=orders-2&cursor=a-1.b-2&event=order.updated",
                "/api/realtime/poll?channel=orders-1&channel=orders-2\nIf-None-Match: W/\"a-1.b-2-gzip\", \"a-3.b-4\"",
                "/api/realtime/poll?channel=orders-1;2&document=true"));
    }

    private static void read(FuzzedRequest request) {
        PollRequest poll =
                PollRequest.read(CATALOGUE, CALLER, request.ofVertx(), channel -> Optional.of(new Position("a", 2)));

        poll.selection().channels().forEach(Parser::requireGranted);
        require(poll.patience().toSeconds() >= 0 && poll.patience().toSeconds() <= 55, "patience ends", poll);
        for (int i = 0; i < poll.selection().channels().size(); i++) {
            Position position = poll.cursor().at(i);
            require(position == null || position.offset() >= 0, "each channel has its position", poll);
        }
    }
}
