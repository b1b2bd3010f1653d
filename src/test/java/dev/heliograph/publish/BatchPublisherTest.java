package dev.heliograph.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.AppendOnlyLog;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchPublisherTest {
    private static final String EVENT = """
            {"channel":"orders-1","type":"order.updated","data":{}}""";

    @Test
    void nothingOvertakesAnEventThatTheLogFailedToTake() {
        var appends = new AtomicInteger();
        var batch = new BatchPublisher(new Publisher(catalogue(), failingFrom(2, appends), new SimpleMeterRegistry()));
        byte[] body = ("{\"events\":[" + String.join(",", Collections.nCopies(4, EVENT)) + "]}").getBytes(UTF_8);

        List<PublishAnswer> answers = batch.publish(events(body), null).await().atMost(Duration.ofSeconds(5));

        assertThat(appends).hasValue(2);
        assertThat(answers.get(0)).isInstanceOf(PublishAnswer.Published.class);
        assertThat(answers.subList(1, 4)).allSatisfy(answer -> assertThat(answer)
                .isInstanceOfSatisfying(
                        PublishAnswer.Refused.class,
                        refused -> assertThat(refused.error().type()).isEqualTo(ProblemType.LOG_UNAVAILABLE)));
    }

    private static List<Uni<Draft>> events(byte[] body) {
        return new EventReader()
                .readBatch(Caller.trusted(catalogue()), body).stream()
                        .map(event -> Uni.createFrom().item(event))
                        .toList();
    }

    private static EventLog failingFrom(int failing, AtomicInteger appends) {
        return new AppendOnlyLog() {
            @Override
            public Uni<Accepted> append(Event event, String idempotencyKey) {
                int count = appends.incrementAndGet();
                return count < failing
                        ? Uni.createFrom().item(new Accepted(event.id(), new Position("e", count), false))
                        : Uni.createFrom().failure(ProblemException.of(ProblemType.LOG_UNAVAILABLE, "gone"));
            }
        };
    }

    private static Catalogue catalogue() {
        return new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    }
}
