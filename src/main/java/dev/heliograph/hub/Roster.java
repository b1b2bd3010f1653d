package dev.heliograph.hub;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The clients of one transport, by event loop. One timer for each loop, not for each client, looks after them. They hear
 * when the node shuts down.
 *
 * @param <C> a client; it belongs to one event loop, and is called only there
 */
public final class Roster<C> {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Consumer<C> everySecond;
    private final Consumer<C> farewell;
    private final Map<EventLoop, Set<C>> clients = new ConcurrentHashMap<>();
    private volatile boolean isDraining;

    /**
     * @param everySecond may remove the client
     * @param farewell runs for each client that is here when the node shuts down, or comes later; may remove it
     */
    public Roster(Consumer<C> everySecond, Consumer<C> farewell) {
        this.everySecond = everySecond;
        this.farewell = farewell;
    }

    /** On the client's loop. */
    public void add(EventLoop loop, C client) {
        clients.computeIfAbsent(loop, this::watch).add(client);
        if (isDraining) {
            farewell.accept(client);
        }
    }

    /** On the client's loop. A second call does nothing. */
    public void remove(EventLoop loop, C client) {
        clients.getOrDefault(loop, Set.of()).remove(client);
    }

    /** Whether the node shuts down. From any thread. */
    public boolean isDraining() {
        return isDraining;
    }

    /**
     * Refuses a new client. From any thread.
     *
     * @throws ProblemException {@code draining} if the node shuts down
     */
    public void requireOpen() {
        if (isDraining) {
            throw new ProblemException(Problem.of(
                            ProblemType.DRAINING,
                            "this node is shutting down: connect again, which leads to another node")
                    .retryAfter(RETRY_AFTER));
        }
    }

    /**
     * From any thread.
     *
     * @param window within which the clients that are here hear of it, each at a moment of its own; zero: all at once
     */
    public void drain(Duration window) {
        isDraining = true;
        if (window.isZero()) {
            forEach(farewell);
        } else {
            clients.forEach((loop, some) ->
                    loop.execute(() -> List.copyOf(some).forEach(client -> dismiss(loop, some, client, window))));
        }
    }

    private void dismiss(EventLoop loop, Set<C> some, C client, Duration window) {
        loop.schedule(
                () -> {
                    if (some.contains(client)) {
                        farewell.accept(client);
                    }
                },
                ThreadLocalRandom.current().nextLong(window.toNanos()),
                TimeUnit.NANOSECONDS);
    }

    /**
     * From any thread.
     *
     * @param step runs for each client soon, on its loop; may remove it
     */
    public void forEach(Consumer<C> step) {
        clients.forEach((loop, some) -> loop.execute(() -> List.copyOf(some).forEach(step)));
    }

    private Set<C> watch(EventLoop loop) {
        Set<C> some = new LinkedHashSet<>();
        ScheduledFuture<?> endsWithTheLoop =
                loop.scheduleAtFixedRate(() -> List.copyOf(some).forEach(everySecond), 1, 1, TimeUnit.SECONDS);
        assert endsWithTheLoop != null;
        return some;
    }
}
