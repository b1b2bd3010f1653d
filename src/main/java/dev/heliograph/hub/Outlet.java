package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the hub writes one client's events. A transport has an outlet of its own kind, or uses {@link SocketOutlet}. Belongs
 * to the client's event loop: every method but {@link #loop} is to be called there.
 */
public abstract class Outlet {
    private List<Runnable> waiting = List.of();
    private boolean isClosed;

    public abstract EventLoop loop();

    /** How entries are encoded for it. Outlets with the same instance are sent the same bytes. */
    protected abstract WireFormat format();

    /** Whether little waits to be sent; while it is false nothing is pushed, and {@link #onWritable} ends that. */
    protected abstract boolean isWritable();

    /**
     * Takes entries without sending them; silently nothing after {@link #close}.
     *
     * @return true if a {@link #flush} is due now and was not before
     */
    protected abstract boolean push(Batch batch);

    /** Takes what {@link WireFormat#sync} says, without sending it; silently nothing after {@link #close}. */
    protected abstract void sync(Channel channel, Optional<Gap> gap, Position position);

    /** Sends what was taken. */
    protected abstract void flush();

    protected final boolean isClosed() {
        return isClosed;
    }

    /** Nothing is written any more; to be called before the closing frame goes out. */
    public void close() {
        isClosed = true;
        waiting = List.of();
    }

    /** To be called by the transport when the outlet has become writable again. */
    public final void onWritable() {
        List<Runnable> resumed = waiting;
        waiting = List.of();
        resumed.forEach(Runnable::run);
    }

    /** Runs a step once the outlet takes more, never at once; not at all if it is closed before. */
    public final void whenWritable(Runnable step) {
        if (isClosed) {
            return;
        }
        if (isWritable()) {
            // A flush since the last write may have made room already: nobody will call when it does.
            loop().execute(() -> {
                if (!isClosed) {
                    step.run();
                }
            });
            return;
        }
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(2);
        }
        waiting.add(step);
    }
}
