package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.AppendOnlyLog;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Draft;
import dev.heliograph.publish.Publisher;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The order of one connection's events, before a log that answers when the test says so. */
class WsPublishingTest {
    private static final Channel CHANNEL = new Channel("jobs-1");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("jobs", "job.created")));

    private final Queue<UniEmitter<? super Accepted>> underWay = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final WsPublishing publishing = new WsPublishing(new Publisher(CATALOGUE, new GatedLog()), Runnable::run);

    @Test
    void theNextEventWaitsForTheAnswerToTheOneBefore() {
        publish("a");
        publish("b");
        publish("c");
        assertThat(asked).containsExactly("a");

        accept();
        assertThat(asked).containsExactly("a", "b");

        accept();
        accept();
        assertThat(answers).containsExactly("a accepted", "b accepted", "c accepted");
    }

    @Test
    void anEventThatIsRefusedDoesNotHoldUpTheNext() {
        publish("a");
        publish("b");

        underWay.remove().fail(new IllegalStateException("gone"));
        accept();

        assertThat(answers).containsExactlyInAnyOrder("a refused", "b accepted");
    }

    @Test
    void whatWaitsWhenTheLogFailsIsRefusedWithoutATryOfItsOwn() {
        publish("a");
        publish("b");
        publish("c");

        underWay.remove().fail(ProblemException.of(ProblemType.LOG_UNAVAILABLE, "as the test wants it"));
        assertThat(answers).containsExactly("a refused", "b refused", "c refused");
        assertThat(asked).containsExactly("a");

        publish("d");
        assertThat(asked).containsExactly("a", "d");
    }

    @Test
    void anEventAfterAPauseGoesOutAtOnce() {
        publish("a");
        accept();

        publish("b");

        assertThat(asked).containsExactly("a", "b");
    }

    private void publish(String id) {
        publishing.publish(
                Caller.ANYONE,
                new Draft(CHANNEL, "job.created", "{}".getBytes(UTF_8), id, null, null),
                accepted -> answers.add(id + " accepted"),
                failure -> answers.add(id + " refused"));
    }

    private void accept() {
        underWay.remove().complete(new Accepted("id", new Position("epoch", 1), false));
    }

    private final class GatedLog extends AppendOnlyLog {
        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            return Uni.createFrom().emitter(emitter -> {
                asked.add(event.id());
                underWay.add(emitter);
            });
        }
    }
}
