package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.hub.Tail.Taken;
import dev.heliograph.log.Entry;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final int SMALL = 10;
    private final Tail tail = new Tail();

    @Test
    void followsEntriesWithTheNextOffset() {
        tail.join(at(5));

        assertThat(tail.take(entry(6), false)).isEqualTo(Taken.PUSH_DUE);
        assertThat(tail.take(entry(7), false)).isEqualTo(Taken.NOTHING_TO_DO);
        assertThat(tail.live()).isEmpty();

        assertThat(offsets(tail.nextChunk())).containsExactly(6L, 7L);
        assertThat(tail.live()).contains(at(7));
    }

    @Test
    void ignoresEntriesThatItHas() {
        tail.join(at(5));

        assertThat(tail.take(entry(5), false)).isEqualTo(Taken.NOTHING_TO_DO);
        assertThat(tail.hasPending()).isFalse();
    }

    @Test
    void tellsHolesAndNewEpochs() {
        tail.join(at(5));

        assertThat(tail.take(entry(7), false)).isEqualTo(Taken.HOLE);
        assertThat(tail.take(entry(new Position("b", 6), SMALL), false)).isEqualTo(Taken.HOLE);
        assertThat(tail.hasPending()).isFalse();
    }

    @Test
    void cutsPendingEntriesIntoBuffersOfBoundedSize() {
        tail.join(at(0));
        for (int offset = 1; offset <= 3; offset++) {
            tail.take(entry(at(offset), 20_000), false);
        }

        assertThat(offsets(tail.nextChunk())).containsExactly(1L, 2L);
        assertThat(tail.served()).isEqualTo(at(2));
        assertThat(offsets(tail.nextChunk())).containsExactly(3L);
        assertThat(tail.hasPending()).isFalse();
    }

    @Test
    void firstSubscriptionGetsEntriesAnnouncedWhileItRead() {
        tail.take(entry(4), true);
        tail.take(entry(5), true);
        tail.take(entry(6), true);

        Join join = tail.join(at(4));

        assertThat(join).isInstanceOf(Join.Replay.class);
        assertThat(offsets(((Join.Replay) join).missing())).containsExactly(5L, 6L);
        assertThat(tail.served()).isEqualTo(at(6));
        assertThat(tail.hasPending()).isFalse();
    }

    @Test
    void subscriptionBehindHeldEntriesReadsOn() {
        tail.join(at(5));
        take(6, true);
        take(7, true);

        assertThat(tail.join(at(7))).isEqualTo(new Join.Live());
        assertThat(tail.join(at(6))).isInstanceOf(Join.Replay.class);
        assertThat(tail.join(at(4))).isEqualTo(new Join.ReadOn());
    }

    @Test
    void subscriptionThatHasReadMoreThanWasAnnouncedWaits() {
        tail.join(at(5));

        assertThat(tail.join(at(6))).isEqualTo(new Join.Ahead(false));
        take(6, false);

        assertThat(tail.joinAgain(at(6))).isEqualTo(new Join.Live());
    }

    @Test
    void subscriptionOfAnotherEpochWaitsForOneResyncOnly() {
        tail.join(at(5));
        var other = new Position("b", 1);

        assertThat(tail.join(other)).isEqualTo(new Join.Ahead(true));
        tail.beginResync();
        assertThat(tail.joinAgain(other)).isEqualTo(new Join.Ahead(true));
        tail.endResync();
        assertThat(tail.joinAgain(other)).isEqualTo(new Join.ReadOn());
    }

    @Test
    void resyncGoesOnWithHeldEntries() {
        tail.join(at(5));
        assertThat(tail.beginResync()).isTrue();
        assertThat(tail.take(entry(8), false)).isEqualTo(Taken.NOTHING_TO_DO);

        tail.resume(page(6, 7));
        assertThat(offsets(tail.nextChunk())).containsExactly(6L, 7L);
        tail.endResync();

        assertThat(offsets(tail.nextChunk())).containsExactly(8L);
        assertThat(tail.isDoubtful()).isFalse();
    }

    @Test
    void resyncIsRepeatedIfHeldEntriesDoNotFollow() {
        tail.join(at(5));
        tail.beginResync();
        tail.take(entry(9), false);

        tail.resume(page(6, 7));
        tail.nextChunk();
        tail.endResync();

        assertThat(tail.hasPending()).isFalse();
        assertThat(tail.isDoubtful()).isTrue();
        assertThat(tail.beginResync()).isTrue();
        assertThat(tail.isDoubtful()).isFalse();
    }

    @Test
    void resyncReadsEntriesOfFailedPushAgain() {
        tail.join(at(5));
        tail.take(entry(6), false);

        assertThat(tail.beginResync()).isTrue();

        assertThat(tail.hasPending()).isFalse();
        assertThat(tail.served()).isEqualTo(at(5));
    }

    @Test
    void doubtDuringAResyncAsksForAnother() {
        tail.join(at(5));
        tail.beginResync();

        assertThat(tail.beginResync()).isFalse();
        tail.resume(page(6, 6));
        tail.nextChunk();
        tail.endResync();

        assertThat(tail.isDoubtful()).isTrue();
    }

    @Test
    void doubtBeforeTheFirstSubscriptionIsLiveIsKept() {
        assertThat(tail.beginResync()).isFalse();

        tail.join(at(5));

        assertThat(tail.isDoubtful()).isTrue();
        assertThat(tail.beginResync()).isTrue();
    }

    private void take(long offset, boolean isAwaited) {
        tail.take(entry(offset), isAwaited);
        tail.nextChunk();
    }

    private static History page(long first, long last) {
        List<Entry> entries = LongStream.rangeClosed(first, last)
                .mapToObj(offset -> entry(offset).entry())
                .toList();
        return new History(at(first - 1), Optional.empty(), entries, at(last));
    }

    private static List<Long> offsets(List<Delivery> deliveries) {
        var offsets = new ArrayList<Long>();
        deliveries.forEach(delivery -> offsets.add(delivery.entry().offset()));
        return offsets;
    }

    private static Position at(long offset) {
        return new Position("a", offset);
    }

    private static Delivery entry(long offset) {
        return entry(at(offset), SMALL);
    }

    private static Delivery entry(Position position, int bytes) {
        byte[] payload = ("{\"type\":\"order.updated\"," + " ".repeat(bytes) + "}").getBytes();
        return new Delivery(new Entry(Events.ORDER, position, payload));
    }
}
