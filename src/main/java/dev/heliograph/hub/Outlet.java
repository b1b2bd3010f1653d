package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way of one client's events out of the hub. A transport has an outlet of its own kind, or uses {@link SocketOutlet}.
 * Belongs to the client's event loop: every method but {@link #loop} must be called there.
 */
public abstract class Outlet {
    private List<Runnable> waiting = List.of();
    private boolean isClosed;

    public abstract EventLoop loop();

    /** Runs a step on the loop; at once if this is the loop. */
    public final void onLoop(Runnable step) {
        if (loop().inEventLoop()) {
            step.run();
        } else {
            loop().execute(step);
        }
    }

    /** The encoding of its entries. Outlets with the same instance get the same bytes. */
    protected abstract WireFormat format();

    /** Whether few bytes wait to be sent. While it is false the hub pushes nothing; {@link #onWritable} ends that. */
    protected abstract boolean isWritable();

    /**
     * Takes entries without sending them; silently nothing after {@link #close}.
     *
     * @return true if a {@link #flush} is due now and was not before
     */
    protected abstract boolean push(Batch batch);

    /** Takes the frame of {@link WireFormat#sync} without sending it; silently nothing after {@link #close}. */
    protected abstract void sync(Channel channel, Optional<Gap> gap, Position position);

    /** Sends the taken bytes. */
    protected abstract void flush();

    protected final boolean isClosed() {
        return isClosed;
    }

    /** Ends all writes; must be called before the closing frame is sent. */
    public void close() {
        isClosed = true;
        waiting = List.of();
    }

    /** The transport calls it when the outlet has become writable again. */
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
            // A flush since the last write may have made room already, and then no call follows.
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
