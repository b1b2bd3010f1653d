package dev.heliograph.latest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.memory.MemoryEventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the memory engine forgets when it is full goes from the store, too. */
class MemoryLatestEventsTest {
    private static final String TYPE = "order.updated";
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Duration INTERVAL = Duration.ofSeconds(28);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong();
    private final Catalogue catalogue = new Catalogue(List.of(Namespaces.withHistory("orders", 10, TYPE)));
    private final MemoryEventLog log = new MemoryEventLog(catalogue, 8 << 20, new ManualClock());
    private final LatestEvents store = store(nanos::get);

    @Test
    void forgetsLatestEventWithinTheIntervalAfterTheLogDid() {
        append(CHANNEL, 1);
        assertThat(latest()).isPresent();
        for (int n = 0; !log.latest(CHANNEL).await().atMost(LIMIT).isEmpty(); n++) {
            append(new Channel("orders-other" + n), 60_000);
        }
        assertThat(latest()).isPresent();

        nanos.addAndGet(INTERVAL.multipliedBy(2).toNanos());

        assertThat(latest()).isEmpty();
    }

    private Optional<Entry> latest() {
        return store.latest(CHANNEL, Set.of()).await().atMost(LIMIT).entry();
    }

    private void append(Channel channel, int bytes) {
        byte[] data = ("{\"text\":\"" + "x".repeat(bytes) + "\"}").getBytes(US_ASCII);
        log.append(new Event("id", channel, TYPE, Instant.EPOCH, data), null)
                .await()
                .atMost(LIMIT);
    }

    private LatestEvents store(Ticker ticker) {
        return new LatestEvents(
                catalogue,
                new CorrectingLog(log, log),
                Feed.shared(log),
                1 << 20,
                INTERVAL,
                new SimpleMeterRegistry(),
                ticker);
    }
}
