package dev.heliograph.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Channel OTHER = new Channel("orders-2");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Turns turns = new Turns(LIMIT);
    private final List<Work> begun = new ArrayList<>();

    /** Work that ends when it is told to. */
    private final class Work {
        final UniAssertSubscriber<String> answer;
        UniEmitter<? super String> end;

        Work(Turns turns, Channel channel) {
            answer = turns.take(channel, () -> Uni.createFrom().<String>emitter(emitter -> {
                        end = emitter;
                        begun.add(this);
                    }))
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create());
        }
    }

    @Test
    void runsOneTurnAtATimeInOrderOfArrival() {
        var first = new Work(turns, CHANNEL);
        var second = new Work(turns, CHANNEL);
        var third = new Work(turns, CHANNEL);
        assertThat(begun).containsExactly(first);

        first.end.complete("1");

        first.answer.assertCompleted().assertItem("1");
        assertThat(begun).containsExactly(first, second);
        second.end.fail(new IllegalStateException("2"));
        second.answer.assertFailedWith(IllegalStateException.class, "2");
        assertThat(begun).containsExactly(first, second, third);
    }

    @Test
    void othersDocumentsDoNotWait() {
        var first = new Work(turns, CHANNEL);
        var second = new Work(turns, OTHER);

        assertThat(begun).containsExactly(first, second);
    }

    @Test
    void waiterThatGivesUpLosesOnlyItsTurn() {
        var first = new Work(turns, CHANNEL);
        var second = new Work(turns, CHANNEL);
        var third = new Work(turns, CHANNEL);

        second.answer.cancel();
        first.end.complete("1");

        assertThat(begun).containsExactly(first, third);
    }

    @Test
    void workerThatGivesUpLetsTheNextBegin() {
        var first = new Work(turns, CHANNEL);
        var second = new Work(turns, CHANNEL);

        first.answer.cancel();

        assertThat(begun).containsExactly(first, second);
    }

    @Test
    void failsTooLongWaitAsBusyWhileOthersAreAnswered() {
        var impatient = new Turns(Duration.ofSeconds(2));
        var first = new Work(impatient, CHANNEL);
        new Work(impatient, CHANNEL);
        var third = new Work(impatient, CHANNEL);

        first.end.complete("1");

        assertFailed(third, ProblemType.DOCUMENT_BUSY);
    }

    @Test
    void failsTooLongWaitAsLogTimeoutIfTheLogHangs() {
        var impatient = new Turns(Duration.ofMillis(200));
        var first = new Work(impatient, CHANNEL);
        new Work(impatient, CHANNEL);
        var third = new Work(impatient, CHANNEL);

        first.end.fail(LogTimeout.ofLog());

        assertFailed(third, ProblemType.LOG_TIMEOUT);
    }

    @Test
    void theLineHasABound() {
        for (int i = 0; i < Turns.MAX_WAITING + 1; i++) {
            new Work(turns, CHANNEL).answer.assertNotTerminated();
        }

        assertFailed(new Work(turns, CHANNEL), ProblemType.DOCUMENT_BUSY);
        assertThat(begun).hasSize(1);
    }

    @Test
    void aLineWithoutAnyoneIsForgotten() {
        var first = new Work(turns, CHANNEL);
        var second = new Work(turns, OTHER);

        first.end.complete("1");
        second.answer.cancel();

        assertThat(turns.lines()).isZero();
    }

    @Test
    void manySynchronousTurnsDoNotOverflowStack() {
        var holder = new Work(turns, CHANNEL);
        var done = new AtomicInteger();
        for (int i = 0; i < Turns.MAX_WAITING; i++) {
            turns.take(CHANNEL, () -> Uni.createFrom().item(done::incrementAndGet))
                    .subscribe()
                    .with(item -> {}, failure -> {});
        }

        holder.end.complete("1");

        assertThat(done).hasValue(Turns.MAX_WAITING);
    }

    @Test
    void noTwoWorkAtOnceOnManyThreads() {
        var inside = new AtomicInteger();
        var worst = new AtomicInteger();
        List<Uni<Void>> works = IntStream.range(0, 400)
                .mapToObj(i -> turns.take(CHANNEL, () -> Uni.createFrom()
                                .voidItem()
                                .invoke(() -> worst.accumulateAndGet(inside.incrementAndGet(), Math::max))
                                .emitOn(Infrastructure.getDefaultExecutor())
                                .invoke(inside::decrementAndGet))
                        .runSubscriptionOn(Infrastructure.getDefaultExecutor()))
                .toList();

        Uni.join().all(works).andFailFast().await().atMost(LIMIT);

        assertThat(worst).hasValue(1);
        assertThat(turns.lines()).isZero();
    }

    private static void assertFailed(Work work, ProblemType expected) {
        assertThat(work.answer.awaitFailure(LIMIT).getFailure())
                .isInstanceOfSatisfying(ProblemException.class, failure -> {
                    assertThat(failure.problem().type()).isEqualTo(expected);
                    assertThat(failure.problem().retryAfter()).isPositive();
                });
    }
}
