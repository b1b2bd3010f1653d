package dev.heliograph.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.AppendOnlyLog;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", 20, "order.updated")));

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FakeLog log = new FakeLog();
    private final Publisher publisher = new Publisher(CATALOGUE, log, Clock.fixed(NOW, ZoneOffset.UTC), metrics);

    @Test
    void addsMissingIdAndTime() {
        publish(draft("{}", null, null));

        Event event = log.events.get(0);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(event.id()).matches("[0-9a-f]{32}");
        assertThat(log.keys).containsExactly((String) null);
    }

    @Test
    void countsEventsButNoRepeats() {
        publish(draft("{}", null, null));
        log.isRepeated = true;
        publish(draft("{}", null, null));

        assertThat(metrics.get("heliograph_publish_events").counter().count()).isEqualTo(1);
    }

    @Test
    void everyEventGetsAnIdOfItsOwn() {
        publish(draft("{}", null, null));
        publish(draft("{}", null, null));

        assertThat(log.events.get(0).id()).isNotEqualTo(log.events.get(1).id());
    }

    @Test
    void theClientsIdTellsARepeat() {
        publish(draft("{}", "mine", null));

        assertThat(log.events.get(0).id()).isEqualTo("mine");
        assertThat(log.keys).containsExactly("mine");
    }

    @Test
    void theIdempotencyKeyGoesBeforeTheId() {
        publish(draft("{}", "mine", "key"));

        assertThat(log.keys).containsExactly("key");
    }

    @Test
    void dataOfTheLargestSizeIsLegal() {
        publish(draft("{\"a\":\"789012345678\"}", null, null));

        assertThat(log.events).hasSize(1);
    }

    @Test
    void largerDataIsRefusedWithLimitAndSize() {
        Problem problem = refusal(draft("{\"a\":\"7890123456789\"}", null, null));

        assertThat(problem.type()).isEqualTo(ProblemType.EVENT_TOO_LARGE);
        assertThat(problem.detail()).isEqualTo("data is 21, expected at most 20 bytes in namespace orders");
        assertThat(log.events).isEmpty();
    }

    @Test
    void refusesTypeOutsideCatalogue() {
        Draft unknownType =
                new Draft(new Channel("orders-1"), "order.exploded", new byte[] {'{', '}'}, null, null, null);
        Draft unknownNamespace =
                new Draft(new Channel("other-1"), "order.updated", new byte[] {'{', '}'}, null, null, null);

        assertThat(refusal(unknownType).type()).isEqualTo(ProblemType.UNKNOWN_TYPE);
        assertThat(refusal(unknownNamespace).type()).isEqualTo(ProblemType.UNKNOWN_NAMESPACE);
    }

    private static Draft draft(String data, String id, String key) {
        return new Draft(new Channel("orders-1"), "order.updated", data.getBytes(UTF_8), id, null, key);
    }

    private Accepted publish(Draft draft) {
        return publisher.publish(draft).await().atMost(Duration.ofSeconds(5));
    }

    private Problem refusal(Draft draft) {
        return catchThrowableOfType(ProblemException.class, () -> publish(draft))
                .problem();
    }

    private static final class FakeLog extends AppendOnlyLog {
        final List<Event> events = new ArrayList<>();
        final List<String> keys = new ArrayList<>();
        boolean isRepeated;

        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            events.add(event);
            keys.add(idempotencyKey);
            return Uni.createFrom().item(new Accepted(event.id(), new Position("e", events.size()), isRepeated));
        }
    }
}
