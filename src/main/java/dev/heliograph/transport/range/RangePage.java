package dev.heliograph.transport.range;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Optional;

/**
 * One page of a channel's history.
 *
 * @param start the position that the page follows: what was asked for, or the oldest position held
 * @param gap what of the range is lost; empty if nothing is
 * @param events as JSON objects, in order, without holes between them
 * @param end the position of the last event; where reading goes on if there is none
 * @param hasMore whether more of the range follows
 * @param isFixed whether the same request will be answered with the same page for good
 */
record RangePage(
        Channel channel,
        Position start,
        Optional<Gap> gap,
        List<byte[]> events,
        Position end,
        boolean hasMore,
        boolean isFixed) {
    RangePage {
        events = List.copyOf(events);
    }
}
