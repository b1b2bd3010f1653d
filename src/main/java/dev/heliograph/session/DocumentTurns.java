package dev.heliograph.session;

import dev.heliograph.hub.Outlet;
import dev.heliograph.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Lets the requests of one client for documents be answered one after the other, each only when the client's socket takes
 * more: what a client that does not read costs is one document. Belongs to the client's event loop.
 */
final class DocumentTurns {
    private final Outlet outlet;
    private final Queue<UniEmitter<? super Void>> waiting = new ArrayDeque<>(0);
    private boolean isTaken;

    DocumentTurns(Outlet outlet) {
        this.outlet = outlet;
    }

    /**
     * @param request emits on the loop, and whoever hears of it writes the document at once
     * @return the request, begun when its turn has come; never, if the outlet is closed before; fails alike if the log fails
     *     the request before
     */
    <T> Uni<T> take(Uni<T> request) {
        Uni<T> turn = request.onFailure(ProblemException::isRetryable)
                .invoke(this::failWaiting)
                .onTermination()
                // In a turn of its own: by then the document has been written.
                .invoke(() -> outlet.whenWritable(this::end));
        return Uni.createFrom().<Void>emitter(this::enqueue).chain(() -> turn);
    }

    /** The log failed: each would wait for it as long again. */
    private void failWaiting(Throwable failure) {
        var failed = List.copyOf(waiting);
        waiting.clear();
        failed.forEach(turn -> turn.fail(failure));
    }

    private void enqueue(UniEmitter<? super Void> turn) {
        waiting.add(turn);
        begin();
    }

    private void end() {
        isTaken = false;
        begin();
    }

    private void begin() {
        if (!isTaken && !waiting.isEmpty()) {
            isTaken = true;
            outlet.whenWritable(() -> waiting.remove().complete(null));
        }
    }
}
