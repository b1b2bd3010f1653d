package dev.heliograph.transport.range;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Ranges of a log that lost all after 45 of its epoch {@code a}, goes on as {@code b}, and holds 41 to 50. */
class RangeOfFormerEpochTest {
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Position A = new Position("a", 0);
    private static final Position B = new Position("b", 0);
    private static final long END_OF_A = 45;
    private static final long OLDEST = 41;
    private static final long TOP = 50;

    private final RangeReader reader =
            new RangeReader(new ResumedLog(), new Catalogue(List.of(Namespaces.of("orders", "order.updated"))));

    @Test
    void eventsBeforeALostEndAreRead() {
        RangePage page = read(A.at(42), A.at(48));

        assertThat(offsets(page)).containsExactly(43L, 44L, 45L);
        assertThat(page.gap()).contains(new Gap(A.at(48), B.at(45), Gap.Reason.AHEAD));
        assertThat(page.end()).isEqualTo(B.at(45));
        assertThat(page.hasMore()).isFalse();
        assertThat(page.isFixed()).isFalse();
    }

    @Test
    void aRangeWithoutFromToALostEndLeavesNothingOut() {
        RangePage page = read(null, A.at(48));

        assertThat(offsets(page)).containsExactly(41L, 42L, 43L, 44L, 45L);
        assertThat(page.end()).isEqualTo(B.at(45));
    }

    @Test
    void aRangeWithinLostEventsIsAGap() {
        RangePage page = read(A.at(46), A.at(48));

        assertThat(offsets(page)).isEmpty();
        assertThat(page.gap()).contains(new Gap(A.at(46), B.at(45), Gap.Reason.AHEAD));
        assertThat(page.end()).isEqualTo(B.at(45));
    }

    @Test
    void aRangeWithinAFormerEpochIsRead() {
        RangePage page = read(A.at(42), A.at(44));

        assertThat(offsets(page)).containsExactly(43L, 44L);
        assertThat(page.gap()).isEmpty();
        assertThat(page.isFixed()).isTrue();
    }

    @Test
    void noGapReachesBeyondTheEndOfTheRange() {
        assertThat(read(A.at(2), A.at(5)).gap()).contains(new Gap(A.at(2), B.at(5), Gap.Reason.TRIMMED));
        RangePage page = read(null, A.at(5));
        assertThat(page.gap()).isEmpty();
        assertThat(offsets(page)).isEmpty();
    }

    @Test
    void anEndBeforeTheStartIsRefusedAcrossEpochs() {
        assertThatThrownBy(() -> read(B.at(47), A.at(44))).hasMessageContaining("a cursor not before from");
        assertThatThrownBy(() -> read(B.at(47), A.at(48))).hasMessageContaining("a cursor not before from");
    }

    @Test
    void anEndOfAnotherLifeIsAGap() {
        RangePage page = read(B.at(47), new Position("c", 60));

        assertThat(offsets(page)).isEmpty();
        assertThat(page.gap()).map(Gap::reason).contains(Gap.Reason.EPOCH_CHANGED);
        assertThat(page.end()).isEqualTo(B.at(47));
    }

    private RangePage read(Position from, Position to) {
        return reader.read(CHANNEL, new RangeQuery(from, to, 100)).await().atMost(Duration.ofSeconds(20));
    }

    private static List<Long> offsets(RangePage page) {
        return page.events().stream()
                .map(json -> new String(json, UTF_8).replaceFirst(".*\"n\":(\\d+).*", "$1"))
                .map(Long::valueOf)
                .toList();
    }

    private static final class ResumedLog implements EventLog {
        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<History> since(Channel channel, Position after, int limit) {
            Position resumed = after.epoch().equals("b")
                    ? after
                    : after.epoch().equals("a") ? B.at(Math.min(after.offset(), END_OF_A)) : null;
            Position start = History.startOf(resumed == null ? after : resumed, B.at(TOP), OLDEST);
            List<Entry> entries = LongStream.rangeClosed(start.offset() + 1, TOP)
                    .limit(limit)
                    .mapToObj(ResumedLog::entry)
                    .toList();
            return Uni.createFrom().item(History.of(after, resumed, B.at(TOP), OLDEST, entries));
        }

        private static Entry entry(long offset) {
            byte[] data = ("{\"n\":" + offset + "}").getBytes(UTF_8);
            byte[] payload = new Event("e-" + offset, CHANNEL, "order.updated", Instant.EPOCH, data).payload();
            return new Entry(CHANNEL, B.at(offset), payload);
        }

        @Override
        public Uni<List<Entry>> latest(Channel channel) {
            throw new UnsupportedOperationException();
        }
    }
}
