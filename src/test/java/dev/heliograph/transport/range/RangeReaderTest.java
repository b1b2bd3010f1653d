package dev.heliograph.transport.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of the log is read for a page. */
class RangeReaderTest {
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final int MEBIBYTE = 1 << 20;
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.withHistory("orders", 2000, "t")));

    private final WatchedLog log = new WatchedLog(new MemoryEventLog(CATALOGUE, 512L << 20, Clock.systemUTC()));
    private final RangeReader reader = new RangeReader(log, CATALOGUE);

    /** Remembers how large each read of it was. */
    private record WatchedLog(EventLog log, List<Long> readBytes) implements EventLog {
        WatchedLog(EventLog log) {
            this(log, new ArrayList<>());
        }

        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            return log.append(event, idempotencyKey);
        }

        @Override
        public Uni<History> since(Channel channel, Position after, int limit) {
            return log.since(channel, after, limit)
                    .invoke(page -> readBytes.add(page.entries().stream()
                            .mapToLong(entry -> entry.payload().length)
                            .sum()));
        }

        @Override
        public Uni<List<Entry>> latest(Channel channel) {
            return log.latest(channel);
        }
    }

    @Test
    void readsLittleMoreThanAPageOfLargeEventsHolds() {
        append(200, 60_000);

        RangePage page = page(1000);

        assertThat(page.events()).hasSize(MEBIBYTE / 60_200);
        assertThat(log.readBytes()).allMatch(bytes -> bytes <= MEBIBYTE);
        assertThat(readInAll()).isLessThan(2 * MEBIBYTE);
    }

    @Test
    void changesOfTheLargestDocumentsAreReadFewAtATime() {
        append(50, DocumentLog.MAX_DOCUMENT_BYTES);

        assertThat(page(1000).events()).hasSize(3);
        assertThat(readInAll()).isLessThan(2 * MEBIBYTE);
    }

    @Test
    void aPageOfSmallEventsTakesFewReads() {
        append(1000, 100);

        assertThat(page(1000).events()).hasSize(1000);
        assertThat(log.readBytes()).hasSizeLessThan(40);
    }

    @Test
    void noMoreIsReadThanThePageMayHold() {
        append(100, 100);

        assertThat(page(5).events()).hasSize(5);
        assertThat(readInAll()).isLessThan(6 * 300);
    }

    private RangePage page(int limit) {
        return reader.read(CHANNEL, new RangeQuery(null, null, limit)).await().atMost(Duration.ofSeconds(20));
    }

    private long readInAll() {
        return log.readBytes().stream().mapToLong(bytes -> bytes).sum();
    }

    private void append(int count, int dataBytes) {
        byte[] data = ("{\"x\":\"" + "x".repeat(dataBytes - 8) + "\"}").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            log.append(new Event("e-" + i, CHANNEL, "t", Instant.EPOCH, data), null)
                    .await()
                    .indefinitely();
        }
    }
}
