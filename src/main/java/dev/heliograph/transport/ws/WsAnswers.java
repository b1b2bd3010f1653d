package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import dev.heliograph.log.Snapshot;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import dev.heliograph.publish.PublishAnswer.Published;
import dev.heliograph.session.CloseReason;

/** Answers to requests, and what the gateway says of the connection itself, as finished frames. */
final class WsAnswers {
    private WsAnswers() {}

    static byte[] subscribed(String id, Channel channel, Position position) {
        return frame("{\"id\":" + id + ",\"subscribed\":{\"channel\":\"" + channel + "\",\"cursor\":\""
                + position.cursor() + "\"}}");
    }

    static byte[] subscribed(String id, Channel channel, Snapshot snapshot) {
        byte[] head = ("{\"id\":" + id + ",\"subscribed\":{").getBytes(US_ASCII);
        return WsFrames.text(head, snapshot.members(channel), new byte[] {'}', '}'});
    }

    static byte[] unsubscribed(String id, Channel channel) {
        return frame("{\"id\":" + id + ",\"unsubscribed\":{\"channel\":\"" + channel + "\"}}");
    }

    static byte[] published(String id, Published published) {
        return frame("{\"id\":" + id + ",\"published\":" + published.json() + "}");
    }

    static byte[] pong(String id) {
        return frame("{\"id\":" + id + ",\"pong\":{}}");
    }

    /** @param id of the request at fault; null if it has none */
    static byte[] error(String id, Problem problem) {
        String head = id == null ? "{" : "{\"id\":" + id + ",";
        return frame(head + "\"error\":" + ProblemCount.counted(problem).json() + "}");
    }

    static byte[] closing(CloseReason reason) {
        return frame("{\"closing\":{\"code\":" + reason.code() + ",\"reason\":\"" + reason.text()
                + "\",\"reconnect\":\"" + reason.reconnect() + "\"}}");
    }

    private static byte[] frame(String json) {
        return WsFrames.text(json.getBytes(UTF_8));
    }
}
