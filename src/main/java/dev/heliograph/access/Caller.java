package dev.heliograph.access;

import dev.heliograph.event.Channel;
import dev.heliograph.problem.ProblemException;

/** The client that makes a request, and what it may do. Any thread may ask. */
@FunctionalInterface
public interface Caller {
    // docs/decisions.md: The caller is passed, and the door asks it
    /** Every client, as long as nobody is asked who it is. */
    Caller ANYONE = (action, channel) -> {};

    /** @throws ProblemException if the caller may not */
    void requireMay(Action action, Channel channel);
}
