package dev.heliograph.turn;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Does deferred work one after another, first in, first out. Belongs to one event loop or context, where the work has to emit
 * as well. The owner bounds how much may wait ({@link #waiting}); a cancellation does not end a turn.
 */
public final class Turnstile {
    private final Consumer<Runnable> gate;
    private final Predicate<Throwable> isOfAll;
    private final Queue<Turn<?>> waiting = new ArrayDeque<>(1);
    /** Null: none. */
    private Turn<?> underWay;

    private boolean isTaken;

    private record Turn<T>(Uni<T> work, UniEmitter<? super T> answer) {}

    /**
     * @param gate runs each turn as soon as it may begin, at once or later on the loop
     * @param isOfAll whether the failure of one turn fails all that wait, so that they are not tried
     */
    public Turnstile(Consumer<Runnable> gate, Predicate<Throwable> isOfAll) {
        this.gate = gate;
        this.isOfAll = isOfAll;
    }

    /**
     * Does the work when all work before it has ended. The next turn begins after the subscriber has got the item or the
     * failure.
     */
    public <T> Uni<T> take(Uni<T> work) {
        return Uni.createFrom().emitter(answer -> {
            waiting.add(new Turn<>(work, answer));
            next();
        });
    }

    /** The number of turns that have not begun. */
    public int waiting() {
        return waiting.size();
    }

    /** Fails the turn under way, although its work may go on, and then all that wait. */
    public void fail(Throwable failure) {
        List<Turn<?>> failed = takeWaiting();
        if (underWay != null) {
            underWay.answer.fail(failure);
        }
        failed.forEach(turn -> turn.answer.fail(failure));
    }

    private List<Turn<?>> takeWaiting() {
        List<Turn<?>> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    private void next() {
        if (!isTaken && !waiting.isEmpty()) {
            isTaken = true;
            gate.accept(() -> begin(waiting.poll()));
        }
    }

    /** @param turn null if all that waited were failed meanwhile */
    private <T> void begin(Turn<T> turn) {
        underWay = turn;
        if (turn == null) {
            isTaken = false;
            return;
        }
        turn.work
                .subscribe()
                .with(
                        item -> {
                            turn.answer.complete(item);
                            end();
                        },
                        failure -> {
                            List<Turn<?>> failed = isOfAll.test(failure) ? takeWaiting() : List.of();
                            turn.answer.fail(failure);
                            failed.forEach(other -> other.answer.fail(failure));
                            end();
                        });
    }

    private void end() {
        underWay = null;
        isTaken = false;
        next();
    }
}
