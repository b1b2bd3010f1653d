package dev.heliograph.document.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private static final int HALF = 50;
    private static final Supplier<Uni<String>> ENDLESS = () -> Uni.createFrom().nothing();
    private static final Supplier<Uni<String>> DONE = () -> Uni.createFrom().item("done");

    private final BodyBudget budget = new BodyBudget(2 * HALF);

    @Test
    void bodyThatDoesNotFitIsRefusedBeforeItIsRead() {
        hold(HALF, ENDLESS);
        hold(HALF, ENDLESS);

        assertRefused(hold(1, () -> {
            throw new AssertionError("was read");
        }));
    }

    @Test
    void finishedAbandonedOrFailedBodyMakesRoom() {
        hold(HALF, ENDLESS);

        hold(HALF, DONE).assertItem("done");
        hold(HALF, ENDLESS).cancel();
        hold(HALF, () -> Uni.createFrom().failure(new IllegalStateException()))
                .assertFailedWith(IllegalStateException.class);
        hold(HALF, () -> {
                    throw new IllegalArgumentException();
                })
                .assertFailedWith(IllegalArgumentException.class);

        hold(HALF, DONE).assertItem("done");
    }

    @Test
    void refusedBodyTakesNoRoom() {
        hold(HALF, ENDLESS);
        assertRefused(hold(2 * HALF, DONE));

        hold(HALF, DONE).assertItem("done");
    }

    @Test
    void anyBodyMayBeAlone() {
        hold(3 * HALF, DONE).assertItem("done");
        hold(3 * HALF, ENDLESS);

        assertRefused(hold(1, DONE));
    }

    private UniAssertSubscriber<String> hold(int bytes, Supplier<Uni<String>> work) {
        return budget.hold(bytes, work).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static void assertRefused(UniAssertSubscriber<String> refused) {
        assertThat(refused.assertFailedWith(ProblemException.class).getFailure())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        failure -> assertThat(failure.problem().type()).isEqualTo(ProblemType.OVERLOADED))
                .hasMessageContaining("heliograph.documents.max-waiting-bytes");
    }
}
