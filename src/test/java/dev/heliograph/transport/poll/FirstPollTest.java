package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.access.Caller;
import dev.heliograph.access.Grants;
import dev.heliograph.access.Identity;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.HandDrivenFeed;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.hub.Kind;
import dev.heliograph.latest.LatestEvents;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where a first poll leaves its client, with a feed that announces nothing: what comes is known by reading the log alone. */
class FirstPollTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Catalogue CATALOGUE =
            new Catalogue(List.of(Namespaces.of("orders", "order.created", "order.updated")));
    private static final MemorySize MEBIBYTE = new MemorySize(BigInteger.ONE.shiftLeft(20));

    private final ManualClock clock = new ManualClock();
    private final MemoryEventLog log = new MemoryEventLog(CATALOGUE, 1 << 24, clock);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final LatestEvents latestEvents = new LatestEvents(
            CATALOGUE,
            new CorrectingLog(log, log),
            new SilentFeed(),
            () -> MEBIBYTE,
            () -> Duration.ofHours(1),
            metrics);
    private final FirstPoll first = new FirstPoll(latestEvents);
    private Caller caller = Caller.trusted(CATALOGUE);

    /** Follows at once. */
    private static final class SilentFeed extends HandDrivenFeed {
        @Override
        public Uni<Void> broadcast(String notice) {
            return Uni.createFrom().voidItem();
        }
    }

    @Test
    void tellsNothingOfChannelThatMayBeHeardButNotRead() throws IOException {
        append("order.created", 1);
        var closed = new Catalogue(List.of(Namespaces.closed("orders", "order.created")));
        var listener = new Identity(
                "alice", null, null, null, Grants.of(Map.of(Action.SUBSCRIBE, List.of("orders")), false, null));
        caller = Caller.of(closed, listener);

        JsonNode told = poll(new Position("a", 0));

        assertThat(told.path("hasUpdate").booleanValue()).isFalse();
        assertThat(told.path("payload").isNull()).isTrue();
        assertThat(told.path("cursor").textValue()).isEqualTo("a-0");
    }

    @Test
    void eventToldAsTheLatestIsNotLeftToTheNextPoll() throws IOException {
        Position stood = append("order.created", 1);
        Position latest = append("order.created", 2);

        JsonNode told = poll(stood);

        assertTold(told, 2, latest);
    }

    @Test
    void eventAfterTheReadOfTheLatestIsLeftToTheNextPoll() throws IOException {
        Position stood = append("order.created", 1);
        poll(stood);
        append("order.created", 2);

        JsonNode told = poll(stood);

        assertTold(told, 1, stood);
    }

    @Test
    void eventThatTheNodeHasNotHeardOfIsToldAllTheSame() throws IOException {
        poll(append("order.created", 1));
        Position stood = append("order.created", 2);

        JsonNode told = poll(stood);

        assertTold(told, 2, stood);
    }

    @Test
    void theFirstEventOfAChannelIsToldThoughTheNodeHasNotHeardOfIt() throws IOException {
        poll(log.since(CHANNEL, null, 1).await().atMost(LIMIT).top());
        Position stood = append("order.created", 1);

        JsonNode told = poll(stood);

        assertTold(told, 1, stood);
    }

    @Test
    void eventThatIsFilteredOutIsNotLeftToTheNextPoll() throws IOException {
        append("order.created", 1);
        Position stood = append("order.updated", 2);

        JsonNode told = poll(stood, "order.created");

        assertTold(told, 1, stood);
    }

    @Test
    void clientInAnotherLifeStaysThere() throws IOException {
        append("order.created", 1);
        var stood = new Position("another", 0);

        JsonNode told = poll(stood);

        assertTold(told, 1, stood);
    }

    @Test
    void clientThatComesAfterAllIsForgottenIsToldSoFromTheCache() throws IOException {
        Position stood = append("order.created", 1);
        clock.advance(CATALOGUE.namespaceOf(CHANNEL).historyTtl());

        JsonNode told = poll(stood);
        poll(stood);
        poll(stood);

        assertThat(told.path("payload").isNull()).isTrue();
        assertThat(told.path("cursor").textValue()).isEqualTo(stood.cursor());
        assertThat(metrics.get("heliograph_latest_lookups")
                        .tag("outcome", "miss")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private static void assertTold(JsonNode answer, int number, Position cursor) {
        assertThat(answer.at("/payload/n").intValue()).isEqualTo(number);
        assertThat(answer.path("cursor").textValue()).isEqualTo(cursor.cursor());
    }

    private Position append(String type, int number) {
        byte[] data = ("{\"n\":" + number + "}").getBytes(UTF_8);
        return log.append(new Event("e" + number, CHANNEL, type, Instant.EPOCH, data), null)
                .await()
                .atMost(LIMIT)
                .position();
    }

    private JsonNode poll(Position stood, String... types) throws IOException {
        CursorVector at = CursorVector.fromNow(1);
        at.set(0, stood);
        byte[] body = first.answer(caller, new Selection(List.of(CHANNEL), Set.of(types), Set.of(Kind.EVENTS)), at)
                .await()
                .atMost(LIMIT);
        return JSON.readTree(body);
    }
}
