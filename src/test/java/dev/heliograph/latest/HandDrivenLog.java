package dev.heliograph.latest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.HandDrivenFeed;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A log and its feed that answer and announce when, and what, the test says. For one thread. */
final class HandDrivenLog extends HandDrivenFeed implements EventLog {
    final List<String> broadcasts = new ArrayList<>();
    private final Queue<UniEmitter<? super List<Entry>>> reads = new ArrayDeque<>();
    private final Queue<UniEmitter<? super History>> sinces = new ArrayDeque<>();
    private int readCount;

    static Entry entry(Channel channel, String epoch, long offset, String type) {
        byte[] data = "{}".getBytes(UTF_8);
        return new Entry(
                channel,
                new Position(epoch, offset),
                new Event("e" + offset, channel, type, Instant.EPOCH, data).payload());
    }

    void answerRead(Entry... entries) {
        reads.remove().complete(List.of(entries));
    }

    /** Answers a read of the history, which has nothing new. */
    void answerSince(Position top) {
        sinces.remove().complete(new History(top, Optional.empty(), List.of(), top));
    }

    void failRead(Throwable failure) {
        reads.remove().fail(failure);
    }

    /** How many reads were ever begun. */
    int readCount() {
        return readCount;
    }

    int readsUnderWay() {
        return reads.size();
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        throw new AssertionError("entries are announced by hand");
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom().emitter(emitter -> sinces.add(emitter));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return Uni.createFrom().emitter(emitter -> {
            readCount++;
            reads.add(emitter);
        });
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return Uni.createFrom().item(() -> {
            broadcasts.add(notice);
            return null;
        });
    }
}
