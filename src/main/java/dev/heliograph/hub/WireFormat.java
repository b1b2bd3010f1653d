package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** The encoding of one transport: finished bytes with their framing, which may be concatenated. */
public interface WireFormat {
    /**
     * Whether frames are the same for all clients. One instance then serves all clients, any thread may call it, and an
     * entry is encoded once. Otherwise an instance belongs to one client and its event loop. It then encodes only entries
     * that are written to that client directly after, so it may remember them.
     */
    default boolean isShared() {
        return true;
    }

    /** The frame of one entry. */
    byte[] event(Entry entry);

    /**
     * The frame at the start of a subscription and at every gap.
     *
     * @param gap empty: everything after the client's cursor follows
     * @param position after which entries follow
     */
    byte[] sync(Channel channel, Optional<Gap> gap, Position position);
}
