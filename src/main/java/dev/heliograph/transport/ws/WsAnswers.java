package dev.heliograph.transport.ws;

import static dev.heliograph.wire.WireNames.AUTHENTICATED;
import static dev.heliograph.wire.WireNames.CLOSING;
import static dev.heliograph.wire.WireNames.ERROR;
import static dev.heliograph.wire.WireNames.ID;
import static dev.heliograph.wire.WireNames.PONG;
import static dev.heliograph.wire.WireNames.PUBLISHED;
import static dev.heliograph.wire.WireNames.REFRESHED;
import static dev.heliograph.wire.WireNames.SUBSCRIBED;
import static dev.heliograph.wire.WireNames.TOKEN_EXPIRING;
import static dev.heliograph.wire.WireNames.UNSUBSCRIBED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.Identity;
import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import dev.heliograph.publish.PublishAnswer.Published;
import dev.heliograph.transport.socket.SocketFrames;
import dev.heliograph.wire.Closing;
import dev.heliograph.wire.WireJson;
import java.time.Instant;

/** Answers to requests, and what the gateway says of the connection itself, as finished frames. */
final class WsAnswers {
    private WsAnswers() {}

    static byte[] subscribed(String id, Channel channel, Position position) {
        return answer(id, SUBSCRIBED, WireJson.subscribed(channel, position));
    }

    static byte[] subscribed(String id, Channel channel, Snapshot snapshot) {
        byte[] head = head(id, SUBSCRIBED).getBytes(US_ASCII);
        return SocketFrames.text(head, WireJson.snapshot(channel, snapshot), new byte[] {'}'});
    }

    static byte[] unsubscribed(String id, Channel channel) {
        return answer(id, UNSUBSCRIBED, WireJson.unsubscribed(channel));
    }

    static byte[] published(String id, Published published) {
        return answer(id, PUBLISHED, published.json());
    }

    static byte[] pong(String id) {
        return answer(id, PONG, "{}");
    }

    /** @param id of the request at fault; null if it has none */
    static byte[] error(String id, Problem problem) {
        return answer(id, ERROR, ProblemCount.counted(problem).json());
    }

    static byte[] authenticated(String id, Identity identity) {
        return answer(id, AUTHENTICATED, WireJson.authenticated(identity));
    }

    static byte[] refreshed(String id, Identity identity) {
        return answer(id, REFRESHED, WireJson.refreshed(identity));
    }

    static byte[] tokenExpiring(Instant expires) {
        return answer(null, TOKEN_EXPIRING, WireJson.expires(expires));
    }

    /** Without a request of the client. */
    static byte[] unsubscribed(Channel channel, Problem why) {
        return answer(null, UNSUBSCRIBED, WireJson.unsubscribed(channel, why));
    }

    static byte[] closing(Closing closing) {
        return answer(null, CLOSING, closing.json());
    }

    private static byte[] answer(String id, String kind, String json) {
        return SocketFrames.text((head(id, kind) + json + '}').getBytes(UTF_8));
    }

    private static String head(String id, String kind) {
        return (id == null ? "{\"" : "{\"" + ID + "\":" + id + ",\"") + kind + "\":";
    }
}
