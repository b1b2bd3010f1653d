package dev.heliograph.document.http;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Bounds the bodies of all changes that are under way on this node. Once read, a body takes many times its bytes, and while
 * the log does not answer, changes wait. Any thread may call.
 */
final class BodyBudget {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Works on a body if there is room for it, which there is for any body that is alone.
     *
     * @param work reads the body, too
     * @return fails with {@code overloaded}, before any work, else as the work does
     */
    <T> Uni<T> hold(int bytes, Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            long all = held.addAndGet(bytes);
            if (all > maxBytes && all > bytes) {
                held.addAndGet(-bytes);
                return Uni.createFrom().failure(overloaded());
            }
            return Uni.createFrom().<T>deferred(work::get).onTermination().invoke(() -> held.addAndGet(-bytes));
        });
    }

    private ProblemException overloaded() {
        String detail = "the bodies of all changes that are under way would take more than the " + maxBytes
                + " bytes of heliograph.documents.max-waiting-bytes";
        return new ProblemException(Problem.of(ProblemType.OVERLOADED, detail).retryAfter(RETRY_AFTER));
    }
}
