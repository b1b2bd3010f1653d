package dev.heliograph.node;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Batch;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Outlet;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.Consumer;

/** A client within this process, which takes everything at once. Belongs to its event loop. */
final class ProbeListener extends Outlet implements Hub.Subscriber {
    private static final WireFormat PAYLOADS = new Payloads();

    private final EventLoop loop;
    private final Consumer<byte[]> onPayload;
    private final Runnable onEnd;

    /** Nothing is encoded. */
    private static final class Payloads implements WireFormat {
        @Override
        public byte[] event(Entry entry) {
            return entry.payload();
        }

        @Override
        public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
            return new byte[0];
        }
    }

    /**
     * @param onPayload gets the payload of each entry, on the loop
     * @param onEnd called on the loop if the subscription ends by itself
     */
    ProbeListener(EventLoop loop, Consumer<byte[]> onPayload, Runnable onEnd) {
        this.loop = loop;
        this.onPayload = onPayload;
        this.onEnd = onEnd;
    }

    @Override
    public Outlet outlet() {
        return this;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    protected WireFormat format() {
        return PAYLOADS;
    }

    @Override
    protected boolean isWritable() {
        return true;
    }

    @Override
    protected boolean push(Batch batch) {
        batch.frames().forEach(onPayload);
        return false;
    }

    @Override
    protected void sync(Channel channel, Optional<Gap> gap, Position position) {
        // A missing entry was not heard.
    }

    @Override
    protected void flush() {
        // Nothing is kept back.
    }

    @Override
    public void onFailed(Channel channel) {
        onEnd.run();
    }

    @Override
    public void onTooSlow(Channel channel) {
        onEnd.run();
    }
}
