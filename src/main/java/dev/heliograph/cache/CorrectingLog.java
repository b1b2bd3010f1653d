package dev.heliograph.cache;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The log, whose answers to anybody correct cached values: it may have lost them. Any thread may call.
 *
 * <p>An answer may be behind what was announced while it was on its way. Therefore a keeper says before the read what it
 * keeps: that is older than the answer, and only that can be corrected by it.
 */
public final class CorrectingLog implements EventLog, DocumentLog {
    private final EventLog log;
    private final DocumentLog documents;
    private final List<Keeper> keepers = new CopyOnWriteArrayList<>();

    /** Caches something of what the log has. Must not block. */
    public interface Keeper {
        /** Called before a channel is read; what is returned is called with the answer. Empty if nothing is kept of it. */
        Optional<Consumer<Answer>> beforeRead(Channel channel);
    }

    /**
     * What the log said of a channel.
     *
     * @param top its newest position
     * @param document what it has as document; null if that was not asked for
     */
    public record Answer(Position top, Snapshot document) {}

    public CorrectingLog(EventLog log, DocumentLog documents) {
        this.log = log;
        this.documents = documents;
    }

    public void correct(Keeper keeper) {
        keepers.add(keeper);
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return log.append(event, idempotencyKey);
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return told(channel, () -> log.since(channel, after, limit), page -> new Answer(page.top(), null));
    }

    /** Corrects nothing: the answer has no top, and whoever keeps the latest is the one that asks for them. */
    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return log.latest(channel);
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return told(channel, () -> documents.snapshot(channel), read -> new Answer(read.top(), read));
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return documents.earlier(channel, idempotencyKey);
    }

    /** Whoever is told that something else is there reads that. */
    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return documents.change(change, expected, idempotencyKey);
    }

    private <T> Uni<T> told(Channel channel, Supplier<Uni<T>> read, Function<T, Answer> answer) {
        return Uni.createFrom().deferred(() -> {
            List<Consumer<Answer>> kept = keepers.stream()
                    .map(keeper -> keeper.beforeRead(channel))
                    .flatMap(Optional::stream)
                    .toList();
            return kept.isEmpty()
                    ? read.get()
                    : read.get().invoke(item -> kept.forEach(each -> each.accept(answer.apply(item))));
        });
    }
}
