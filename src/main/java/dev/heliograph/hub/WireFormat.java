package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/**
 * How one transport writes what the hub sends: finished bytes, framing included, that may be concatenated and shared by
 * all its clients. One instance per format; any thread may call.
 */
public interface WireFormat {
    /** One entry as it is pushed. Called once per entry and format, whatever the number of clients. */
    byte[] event(Entry entry);

    /**
     * What a client is told at the start of a subscription and at every gap.
     *
     * @param gap empty: everything after the client's cursor follows
     * @param position after which entries follow
     */
    byte[] sync(Channel channel, Optional<Gap> gap, Position position);
}
