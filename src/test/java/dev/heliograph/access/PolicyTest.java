package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Policy.Decision;
import dev.heliograph.access.Policy.Question;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Virtual time; the test answers in place of the application. */
class PolicyTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Question> asked = new ArrayList<>();
    private final List<UniEmitter<? super Decision>> waiting = new ArrayList<>();
    private final Policy policy = new Policy(
            question -> Uni.createFrom().emitter(emitter -> {
                asked.add(question);
                waiting.add(emitter);
            }),
            100,
            nanos::get);
    private final Catalogue catalogue = new Catalogue(List.of(Namespaces.closed("orders", "order.updated")));
    private final Caller ann = Caller.anonymous(catalogue, false, "a")
            .under(policy)
            .as(new Identity(
                    "ann", null, null, null, Grants.of(Map.of(Action.READ, List.of("orders-1")), false, "ann")));

    @Test
    void asksOnlyAboutWhatGrantsDoNotAllow() {
        assertThat(read(ann, "orders-1").awaitItem().getItem()).hasToString("orders-1");
        assertThat(asked).isEmpty();

        UniAssertSubscriber<Channel> other = read(ann, "orders-2");
        other.assertNotTerminated();
        answer(true, 60);

        assertThat(other.awaitItem().getItem()).hasToString("orders-2");
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).identity().subject()).isEqualTo("ann");
    }

    @Test
    void refusesWhatApplicationDenies() {
        UniAssertSubscriber<Channel> read = read(ann, "orders-2");
        answer(false, 60);

        assertThat(((ProblemException) read.awaitFailure().getFailure())
                        .problem()
                        .type())
                .isEqualTo(ProblemType.FORBIDDEN);
        assertThat(read(ann, "orders-2").awaitFailure().getFailure()).isInstanceOf(ProblemException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainWhenAnswerHasExpired() {
        read(ann, "orders-2");
        answer(true, 60);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        read(ann, "orders-2").awaitItem();
        assertThat(asked).hasSize(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        read(ann, "orders-2").assertNotTerminated();

        assertThat(asked).hasSize(2);
    }

    @Test
    void asksOnceForManyWhoWait() {
        List<UniAssertSubscriber<Channel>> readers = List.of(read(ann, "orders-2"), read(ann, "orders-2"));
        answer(true, 60);

        readers.forEach(reader -> assertThat(reader.awaitItem().getItem()).hasToString("orders-2"));
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainAfterRevocation() {
        read(ann, "orders-2");
        answer(true, 60);

        policy.forgetAll();
        read(ann, "orders-2").assertNotTerminated();

        assertThat(asked).hasSize(2);
    }

    @Test
    void failureIsNotKept() {
        UniAssertSubscriber<Channel> read = read(ann, "orders-2");
        waiting.remove(0).fail(Policy.unavailable("does not answer"));
        assertThat(((ProblemException) read.awaitFailure().getFailure())
                        .problem()
                        .type())
                .isEqualTo(ProblemType.POLICY_UNAVAILABLE);

        UniAssertSubscriber<Channel> again = read(ann, "orders-2");
        answer(true, 60);
        again.awaitItem();
    }

    @Test
    void asksForEachClientApart() {
        read(ann, "orders-2");
        answer(true, 60);
        read(Caller.anonymous(catalogue, false, "a").under(policy), "orders-2");

        assertThat(asked).extracting(Question::client).containsExactly("sub ann", "");
    }

    @Test
    void goesOnForOthersIfOneWhoWaitsLeaves() {
        UniAssertSubscriber<Channel> leaving = read(ann, "orders-2");
        UniAssertSubscriber<Channel> staying = read(ann, "orders-2");

        leaving.cancel();
        answer(true, 60);

        assertThat(staying.awaitItem().getItem()).hasToString("orders-2");
    }

    /** They are all one client to the application, so that none of them can fill the answers that are kept. */
    @Test
    void asksOnceForAllWhoDidNotSayWhoTheyAre() {
        read(Caller.anonymous(catalogue, false, "a").under(policy), "orders-2");
        answer(true, 60);

        read(Caller.anonymous(catalogue, false, "b").under(policy), "orders-2").awaitItem();

        assertThat(asked).hasSize(1);
    }

    @Test
    void isNotAskedAboutNamespaceThatIsNotThere() {
        assertThat(((ProblemException) read(ann, "shops-1").awaitFailure().getFailure())
                        .problem()
                        .type())
                .isEqualTo(ProblemType.FORBIDDEN);
        assertThat(asked).isEmpty();
    }

    /** Where nobody asks the application, nothing is allowed. */
    @Test
    void refusesIfNobodyAsks() {
        assertThatThrownBy(() -> ann.channel("orders-2", Action.READ))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.POLICY_UNAVAILABLE);
    }

    private UniAssertSubscriber<Channel> read(Caller caller, String channel) {
        return caller.decide(() -> caller.channel(channel, Action.READ))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void answer(boolean isAllowed, int seconds) {
        waiting.remove(0).complete(new Decision(isAllowed, Duration.ofSeconds(seconds)));
    }
}
