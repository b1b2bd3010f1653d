package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** How one transport writes what the hub sends: finished bytes, framing included, that may be concatenated. */
public interface WireFormat {
    /**
     * Whether frames are the same for all clients. One instance then serves them all, any thread may call it, and an entry
     * is encoded once whatever their number. Else an instance belongs to one client and its event loop, and encodes what
     * is written to that client at once after, and nothing else: it may remember what it was given.
     */
    default boolean isShared() {
        return true;
    }

    /** One entry as it is pushed. */
    byte[] event(Entry entry);

    /**
     * What a client is told at the start of a subscription and at every gap.
     *
     * @param gap empty: everything after the client's cursor follows
     * @param position after which entries follow
     */
    byte[] sync(Channel channel, Optional<Gap> gap, Position position);
}
