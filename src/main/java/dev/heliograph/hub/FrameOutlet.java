package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** An outlet that sends finished frames to its client at once. */
public abstract class FrameOutlet extends Outlet {
    private final WireFormat format;
    private WireFormat syncs;

    protected FrameOutlet(WireFormat format) {
        this.format = format;
        this.syncs = format;
    }

    /** Encodes syncs in another way from now on. Events keep their encoding, which others may share. */
    public final void encodeSyncsBy(WireFormat other) {
        syncs = other;
    }

    /**
     * Takes bytes without sending them.
     *
     * @param frames whole frames; released by this method
     * @return true if a {@link #flush} is due now and was not before
     */
    protected abstract boolean write(ByteBuf frames);

    protected abstract ByteBufAllocator memory();

    @Override
    protected final WireFormat format() {
        return format;
    }

    /** Writes whole frames at once and sends them; silently nothing after {@link #close}. */
    public final void send(byte[] frames) {
        put(frames);
        flush();
    }

    @Override
    protected final boolean push(Batch batch) {
        return !isClosed() && write(batch.joined(memory()));
    }

    @Override
    protected final void sync(Channel channel, Optional<Gap> gap, Position position) {
        put(syncs.sync(channel, gap, position));
    }

    private void put(byte[] frames) {
        if (!isClosed()) {
            write(memory().ioBuffer(frames.length).writeBytes(frames));
        }
    }
}
