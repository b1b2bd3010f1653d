package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Is read from by the hub's loops, and answers when the test does. */
final class HandAnsweredLog extends HandDrivenFeed implements EventLog {
    private final BlockingQueue<Read> reads = new LinkedBlockingQueue<>();

    Read nextRead() throws InterruptedException {
        Read read = reads.poll(20, TimeUnit.SECONDS);
        assertThat(read).as("a read of the log").isNotNull();
        return read;
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom().emitter(emitter -> reads.add(new Read(after, emitter)));
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        throw new AssertionError("entries are announced by hand");
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        throw new AssertionError("the hub reads pages");
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        throw new AssertionError("the hub needs no notices");
    }

    @Override
    public boolean isTrusted() {
        return true;
    }

    /** A read that waits for its answer. */
    record Read(Position after, UniEmitter<? super History> emitter) {
        void answer(History page) {
            emitter.complete(page);
        }
    }
}
