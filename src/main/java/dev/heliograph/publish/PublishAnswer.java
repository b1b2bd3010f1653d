package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.wire.WireJson;

/** What the publisher of one event is answered. */
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

    /** The event is not, or not known to be, in the log. */
    record Refused(Problem error) implements PublishAnswer {
        @Override
        public String json() {
            return "{\"error\":" + error.json() + "}";
        }
    }
}
