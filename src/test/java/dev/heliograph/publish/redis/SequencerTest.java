package dev.heliograph.publish.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.AppendOnlyLog;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.log.redis.RunningRedis;
import dev.heliograph.publish.EventReader;
import dev.heliograph.publish.Publisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue of raw messages, before a log that answers when the test says so. */
class SequencerTest extends RunningRedis {
    private static final int MAX_WAITING = 4;
    private static final int MAX_WAITING_BYTES = 1200;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final GatedLog log = new GatedLog();
    private Context context;
    private Sequencer sequencer;

    @BeforeEach
    void open() {
        context = redis.vertx().getOrCreateContext();
        var namespace = Namespaces.of("orders", 100, "order.updated");
        var catalogue = new Catalogue(List.of(namespace));
        var deadLetters = new DeadLetters(link, redis.keys(), metrics);
        sequencer = new Sequencer(
                context,
                Caller.trusted(catalogue),
                new EventReader(),
                new Publisher(catalogue, log, metrics),
                deadLetters,
                namespace,
                new IngestOptions(Duration.ofSeconds(10), MAX_WAITING, MAX_WAITING_BYTES));
    }

    @Test
    void theNextMessageWaitsForTheAnswerToTheOneBefore() {
        offer(2);
        await().atMost(LIMIT).until(() -> log.underWay.size() == 1);

        log.answerOne();

        await().atMost(LIMIT).until(() -> log.underWay.size() == 1);
        assertThat(log.answered).isEqualTo(1);
    }

    @Test
    void fullQueueTurnsMessageIntoDeadLetter() {
        offer(1 + MAX_WAITING + 3);

        await().atMost(LIMIT).until(() -> deadLetters("overloaded") == 3);
        for (int i = 0; i < 1 + MAX_WAITING; i++) {
            log.answerOne();
        }
    }

    @Test
    void theBytesThatWaitAreBounded() {
        String large = "{\"type\":\"order.updated\"}" + " ".repeat(500);
        offer(4, large);

        await().atMost(LIMIT).until(() -> deadLetters("overloaded") == 1);
        log.answerOne();
        log.answerOne();
        log.answerOne();
        offer(1, large);
        log.answerOne();
        assertThat(deadLetters("overloaded")).isEqualTo(1);
    }

    @Test
    void oversizedMessageBecomesDeadLetterAtOnce() {
        offer(1, " ".repeat(1024 + 101));

        await().atMost(LIMIT).until(() -> deadLetters("event-too-large") == 1);
    }

    @Test
    void holdsBackMessagesUntilItMayAppend() {
        context.runOnContext(unused -> sequencer.holdBack());
        offer(2);
        var idle = sequencer.idle().runSubscriptionOn(onContext()).subscribeAsCompletionStage();

        await().during(Duration.ofMillis(100)).atMost(LIMIT).until(() -> log.underWay.isEmpty() && !idle.isDone());
        context.runOnContext(unused -> sequencer.letAppend());
        log.answerOne();
        log.answerOne();

        await().atMost(LIMIT).until(idle::isDone);
    }

    @Test
    void leavesUnappendedMessagesWhenItStops() {
        offer(3);
        await().atMost(LIMIT).until(() -> log.underWay.size() == 1);
        var left = new CompletableFuture<Integer>();

        context.runOnContext(unused -> left.complete(sequencer.stop().size()));

        assertThat(left.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join()).isEqualTo(3);
        log.underWay.remove().fail(LogTimeout.ofLog());
        await().during(Duration.ofMillis(100))
                .atMost(LIMIT)
                .until(() -> log.underWay.isEmpty() && deadLetters("log-timeout") == 0);
    }

    private Executor onContext() {
        return task -> context.runOnContext(unused -> task.run());
    }

    private double deadLetters(String reason) {
        var counter = metrics.find("heliograph_publish_dead_letters")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private void offer(int count) {
        offer(count, "{\"type\":\"order.updated\"}");
    }

    private void offer(int count, String message) {
        context.runOnContext(unused -> {
            for (int i = 0; i < count; i++) {
                sequencer.offer("orders-1", message.getBytes(UTF_8));
            }
        });
    }

    /** Accepts what it is given only when told to. */
    private static final class GatedLog extends AppendOnlyLog {
        private final Queue<UniEmitter<? super Accepted>> underWay = new ConcurrentLinkedQueue<>();
        private int answered;

        void answerOne() {
            await().atMost(LIMIT).until(() -> !underWay.isEmpty());
            answered++;
            underWay.remove().complete(new Accepted("id", new Position("epoch", answered), false));
        }

        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            return Uni.createFrom().<Accepted>emitter(emitter -> underWay.add(emitter));
        }
    }
}
