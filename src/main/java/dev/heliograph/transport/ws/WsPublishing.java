package dev.heliograph.transport.ws;

import dev.heliograph.access.Caller;
import dev.heliograph.log.Accepted;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.publish.Draft;
import dev.heliograph.publish.Publisher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    private final Queue<Publish> waiting = new ArrayDeque<>(1);
    private boolean isBusy;

    private record Publish(
            Caller caller, Draft draft, Consumer<Accepted> whenAccepted, Consumer<Throwable> whenRefused) {}

    WsPublishing(Publisher publisher, Executor loop) {
        this.publisher = publisher;
        this.loop = loop;
    }

    /**
     * Appends the event once all before it are answered; either callback comes on the loop. When the log fails, what waits is
     * refused alike: each would be tried for as long again, and must not overtake what its client repeats.
     */
    void publish(Caller caller, Draft draft, Consumer<Accepted> whenAccepted, Consumer<Throwable> whenRefused) {
        waiting.add(new Publish(caller, draft, whenAccepted, whenRefused));
        if (!isBusy) {
            next();
        }
    }

    private void next() {
        Publish first = waiting.poll();
        isBusy = first != null;
        if (isBusy) {
            publisher
                    .publish(first.caller, first.draft)
                    .emitOn(loop)
                    .subscribe()
                    .with(accepted -> accept(first, accepted), failure -> refuse(first, failure));
        }
    }

    private void accept(Publish first, Accepted accepted) {
        next();
        first.whenAccepted.accept(accepted);
    }

    private void refuse(Publish first, Throwable failure) {
        List<Publish> refused = new ArrayList<>();
        refused.add(first);
        if (ProblemException.isRetryable(failure)) {
            refused.addAll(waiting);
            waiting.clear();
        }
        next();
        refused.forEach(each -> each.whenRefused.accept(failure));
    }
}
