package dev.heliograph.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The order of deferred work that ends when the test says so. */
class TurnstileTest {
    private static final RuntimeException OF_ONE = new IllegalStateException("of one");
    private static final RuntimeException OF_ALL = new IllegalStateException("of all");

    private final Queue<UniEmitter<? super String>> underWay = new ArrayDeque<>();
    private final Queue<Runnable> atTheGate = new ArrayDeque<>();
    private final List<String> begun = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final Turnstile turnstile = new Turnstile(Runnable::run, failure -> failure == OF_ALL);

    @Test
    void beginsTheNextTurnAfterTheAnswerToTheOneBefore() {
        take("a");
        take("b");
        take("c");
        assertThat(begun).containsExactly("a");
        assertThat(turnstile.waiting()).isEqualTo(2);

        complete();
        assertThat(begun).containsExactly("a", "b");

        complete();
        complete();
        assertThat(answers).containsExactly("a done", "b done", "c done");
        assertThat(turnstile.waiting()).isZero();
    }

    @Test
    void answersBeforeItBeginsTheNextTurn() {
        var answersAtTheGate = new ArrayList<Integer>();
        var recording = new Turnstile(
                turn -> {
                    answersAtTheGate.add(answers.size());
                    turn.run();
                },
                failure -> false);
        take(recording, "a");
        take(recording, "b");

        complete();
        underWay.remove().fail(OF_ONE);
        take(recording, "c");

        assertThat(answersAtTheGate).containsExactly(0, 1, 2);
    }

    @Test
    void goesOnAfterAFailureOfOne() {
        take("a");
        take("b");

        underWay.remove().fail(OF_ONE);
        complete();

        assertThat(answers).containsExactly("a of one", "b done");
    }

    @Test
    void failsThoseThatWaitWithAFailureOfAll() {
        take("a");
        take("b");
        take("c");

        underWay.remove().fail(OF_ALL);
        assertThat(answers).containsExactly("a of all", "b of all", "c of all");
        assertThat(begun).containsExactly("a");

        take("d");
        assertThat(begun).containsExactly("a", "d");
    }

    @Test
    void beginsAtOnceAfterAPause() {
        take("a");
        complete();

        take("b");

        assertThat(begun).containsExactly("a", "b");
    }

    @Test
    void letsOneTurnAtATimeComeToTheGate() {
        var gated = new Turnstile(atTheGate::add, failure -> false);
        take(gated, "a");
        take(gated, "b");
        assertThat(atTheGate).hasSize(1);
        assertThat(begun).isEmpty();

        atTheGate.remove().run();
        assertThat(begun).containsExactly("a");
        assertThat(atTheGate).isEmpty();

        complete();
        atTheGate.remove().run();
        assertThat(begun).containsExactly("a", "b");
    }

    @Test
    void failsAllInOrderWhenItIsToldTo() {
        take("a");
        take("b");

        turnstile.fail(OF_ONE);
        assertThat(answers).containsExactly("a of one", "b of one");

        // The work that was under way ends late, and the next may begin.
        take("c");
        assertThat(begun).containsExactly("a");
        complete();
        assertThat(begun).containsExactly("a", "c");
        assertThat(answers).hasSize(2);
    }

    @Test
    void goesOnAfterTheTurnAtTheGateHasFailed() {
        var gated = new Turnstile(atTheGate::add, failure -> false);
        take(gated, "a");
        gated.fail(OF_ONE);

        atTheGate.remove().run();
        take(gated, "b");
        atTheGate.remove().run();

        assertThat(begun).containsExactly("b");
    }

    private void take(String name) {
        take(turnstile, name);
    }

    private void take(Turnstile taken, String name) {
        Uni<String> work = Uni.createFrom().emitter(emitter -> {
            begun.add(name);
            underWay.add(emitter);
        });
        taken.take(work)
                .subscribe()
                .with(
                        item -> answers.add(name + " " + item),
                        failure -> answers.add(name + " " + failure.getMessage()));
    }

    private void complete() {
        underWay.remove().complete("done");
    }
}
