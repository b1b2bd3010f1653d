package dev.heliograph.transport.poll;

import static dev.heliograph.wire.WireNames.CURSOR;
import static dev.heliograph.wire.WireNames.WAIT;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.Query;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a client asks for by one poll.
 *
 * @param cursor after which it wants to hear more
 * @param isConditional whether it gave one; else it wants to know where it is
 * @param patience how long the answer may be held back
 */
record PollRequest(Selection selection, CursorVector cursor, boolean isConditional, Duration patience) {
    private static final int MAX_WAIT_SECONDS = 55;
    private static final Pattern ASCII_SECONDS = Pattern.compile("[0-9]{1,9}");

    /**
     * @param tail where a channel stands, if that is known
     * @throws ProblemException that names the parameter or header at fault
     */
    static PollRequest read(
            Catalogue catalogue, Caller caller, HttpServerRequest request, Function<Channel, Optional<Position>> tail) {
        // A semicolon is a legal character of channel names.
        Query query = Query.read(
                request.params(true),
                Set.of(CURSOR, WAIT, Selection.DOCUMENT),
                Set.of(Selection.CHANNEL, Selection.EVENT));
        Selection selection = Selection.read(catalogue, caller, query);
        Duration patience = patience(query.one(WAIT));
        List<String> validators = request.headers().getAll(HttpHeaderNames.IF_NONE_MATCH);
        if (!validators.isEmpty()) {
            return new PollRequest(selection, validated(selection, validators, tail), true, patience);
        }
        String cursor = query.one(CURSOR);
        return new PollRequest(selection, selection.cursor(CURSOR, cursor), cursor != null, patience);
    }

    /** Whether documents come first: of the channels of which it has no cursor. */
    boolean wantsDocuments() {
        return selection.wantsDocuments() && !cursor.isComplete();
    }

    /** Whoever does not say where it stands is told at once. */
    boolean mayWait() {
        return isConditional && !patience.isZero();
    }

    /** Of several tags, those that can be a cursor; caches may add tags of their own. RFC 9110, section 13.1.2: any counts. */
    private static CursorVector validated(
            Selection selection, List<String> headers, Function<Channel, Optional<Position>> tail) {
        var cursors = new ArrayList<CursorVector>();
        ProblemException refusal = ProblemException.inField(
                ProblemType.INVALID_CURSOR,
                IfNoneMatch.HEADER,
                String.join(",", headers),
                "the ETag of an earlier poll");
        for (String tag : IfNoneMatch.parse(headers).tags()) {
            try {
                cursors.add(selection.cursor(IfNoneMatch.HEADER, tag));
            } catch (ProblemException noCursor) {
                refusal = noCursor;
            }
        }
        if (cursors.isEmpty()) {
            throw refusal;
        }
        return cursors.size() == 1
                ? cursors.get(0)
                : CursorVector.furthest(
                        cursors, i -> tail.apply(selection.channels().get(i)));
    }

    private static Duration patience(String written) {
        if (written == null) {
            return Duration.ZERO;
        }
        // Java's own reading of numbers takes signs and the digits of all scripts.
        if (ASCII_SECONDS.matcher(written).matches() && Integer.parseInt(written) <= MAX_WAIT_SECONDS) {
            return Duration.ofSeconds(Integer.parseInt(written));
        }
        throw ProblemException.inField(
                ProblemType.INVALID_REQUEST, WAIT, written, "whole seconds from 0 to " + MAX_WAIT_SECONDS);
    }
}
