package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.problem.Problem;

/** What the publisher of one event is answered. */
public sealed interface PublishAnswer {
    /** The answer as one JSON object. */
    String json();

    /** The event is in the log. */
    record Published(String id, String channel, String cursor) implements PublishAnswer {
        public static Published of(Channel channel, Accepted accepted) {
            return new Published(
                    accepted.id(), channel.name(), accepted.position().cursor());
        }

        /** None of the three has a character in it that JSON would escape. */
        @Override
        public String json() {
            return "{\"id\":\"" + id + "\",\"channel\":\"" + channel + "\",\"cursor\":\"" + cursor + "\"}";
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
