package dev.heliograph.transport.poll;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Batch;
import dev.heliograph.hub.Outlet;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers events and gaps until the poll is answered. All polls on the same position share the bytes of an event. Belongs to
 * one event loop.
 */
final class PollOutlet extends Outlet {
    /** Beyond this an answer takes no more; the client asks for the rest at once. */
    private static final int ENOUGH_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final Runnable onTaken;
    // docs/decisions.md: A poll is a subscription that ends with its first answer
    private final List<byte[]> events = new ArrayList<>(1);
    private final List<byte[]> gaps = new ArrayList<>(0);
    private int bytes;

    /** @param onTaken called when there is something to answer; possibly several times */
    PollOutlet(EventLoop loop, Runnable onTaken) {
        this.loop = loop;
        this.onTaken = onTaken;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    protected WireFormat format() {
        return PollFormat.INSTANCE;
    }

    @Override
    protected boolean isWritable() {
        return bytes < ENOUGH_BYTES;
    }

    @Override
    protected boolean push(Batch batch) {
        batch.frames().forEach(event -> take(events, event));
        return true;
    }

    @Override
    protected void sync(Channel channel, Optional<Gap> gap, Position position) {
        if (gap.isPresent()) {
            take(gaps, PollFormat.INSTANCE.sync(channel, gap, position));
        }
    }

    private void take(List<byte[]> into, byte[] json) {
        if (!isClosed()) {
            into.add(json);
            bytes += json.length;
        }
    }

    @Override
    protected void flush() {
        if (!isEmpty()) {
            onTaken.run();
        }
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    int bytes() {
        return bytes;
    }

    /** JSON objects, in order. */
    List<byte[]> events() {
        return events;
    }

    /** JSON objects, in order. */
    List<byte[]> gaps() {
        return gaps;
    }
}
