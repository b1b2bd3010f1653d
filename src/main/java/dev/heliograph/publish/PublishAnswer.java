package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.problem.Problem;

/** What the publisher of one event is answered. */
public sealed interface PublishAnswer {
    /** The event is in the log. */
    record Published(String id, String channel, String cursor) implements PublishAnswer {
        public static Published of(Channel channel, Accepted accepted) {
            return new Published(
                    accepted.id(), channel.name(), accepted.position().cursor());
        }
    }

    /** The event is not, or not known to be, in the log. */
    record Refused(Problem error) implements PublishAnswer {}
}
