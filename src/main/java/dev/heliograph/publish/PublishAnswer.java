package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.wire.WireJson;

/** The answer to the publisher of one event. */
public sealed interface PublishAnswer {
    /** The answer as one JSON object. */
    String json();

    /** The event is in the log. */
    record Published(String id, Channel channel, Position position) implements PublishAnswer {
        public static Published of(Channel channel, Accepted accepted) {
            return new Published(accepted.id(), channel, accepted.position());
        }

        @Override
        public String json() {
            return WireJson.published(id, channel, position);
        }
    }

    /** The event is not in the log, or it is unknown whether it is. */
    record Refused(Problem error) implements PublishAnswer {
        @Override
        public String json() {
            return "{\"error\":" + error.json() + "}";
        }
    }
}
