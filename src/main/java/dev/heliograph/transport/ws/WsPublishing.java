package dev.heliograph.transport.ws;

import dev.heliograph.log.Accepted;
import dev.heliograph.publish.Draft;
import dev.heliograph.publish.Publisher;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What one connection publishes, one event after another: with two under way at once, a retry could append the first after
 * the second. What waits is bounded by the session's limit of requests under way. Belongs to the connection's event loop.
 */
final class WsPublishing {
    private final Publisher publisher;
    private final Executor loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>(1);
    private boolean isBusy;

    WsPublishing(Publisher publisher, Executor loop) {
        this.publisher = publisher;
        this.loop = loop;
    }

    /** Appends the event once all before it are answered; either callback comes on the loop. */
    void publish(Draft draft, Consumer<Accepted> whenAccepted, Consumer<Throwable> whenRefused) {
        waiting.add(() -> publisher
                .publish(draft)
                .emitOn(loop)
                .onTermination()
                .invoke(this::next)
                .subscribe()
                .with(whenAccepted, whenRefused));
        if (!isBusy) {
            next();
        }
    }

    private void next() {
        Runnable first = waiting.poll();
        isBusy = first != null;
        if (isBusy) {
            first.run();
        }
    }
}
