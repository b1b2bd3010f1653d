package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What announcements, holes in them and doubts make of what the store keeps and of what it reads. */
class LatestEventsFeedTest extends HandDrivenStore {
    @Test
    void announcedEventIsAnsweredNext() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.announce(entry(CHANNEL, "e", 8, UPDATED));
        log.announce(entry(CHANNEL, "e", 9, CREATED));

        assertThat(now(CHANNEL).entry()).map(Entry::offset).contains(9L);
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(8L);
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void aRepeatedAnnouncementChangesNothing() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.announce(entry(CHANNEL, "e", 6, UPDATED));
        log.announce(entry(CHANNEL, "e", 7, UPDATED));

        assertThat(now(CHANNEL).entry()).map(Entry::offset).contains(7L);
        assertThat(now(CHANNEL).cached()).isTrue();
    }

    @Test
    void aHoleInTheAnnouncementsHasTheLogReadAgain() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.announce(entry(CHANNEL, "e", 9, UPDATED));

        keep(CHANNEL, entry(CHANNEL, "e", 8, CREATED), entry(CHANNEL, "e", 9, UPDATED));
        assertThat(now(CHANNEL, CREATED).entry()).map(Entry::offset).contains(8L);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void anotherEpochHasTheLogReadAgain() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.announce(entry(CHANNEL, "f", 8, UPDATED));

        keep(CHANNEL, entry(CHANNEL, "f", 8, UPDATED));
        assertThat(now(CHANNEL).entry()).map(e -> e.position().epoch()).contains("f");
    }

    @Test
    void eventAnnouncedDuringTheReadIsNotLost() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 8, UPDATED));
        log.announce(entry(CHANNEL, "e", 9, CREATED));

        log.answerRead(entry(CHANNEL, "e", 3, CREATED), entry(CHANNEL, "e", 7, UPDATED));

        assertThat(asked.join().entry()).map(Entry::offset).contains(9L);
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(8L);
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void eventAnnouncedDuringTheReadMayBeOlderThanIt() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 8, UPDATED));

        log.answerRead(entry(CHANNEL, "e", 9, CREATED), entry(CHANNEL, "e", 10, UPDATED));

        assertThat(asked.join().entry()).map(Entry::offset).contains(10L);
        assertThat(now(CHANNEL, UPDATED).cached()).isTrue();
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(10L);
    }

    @Test
    void aReadThatDoesNotReachTheAnnouncedEventIsNotKept() {
        ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 9, UPDATED));
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        ask(CHANNEL);

        assertThat(log.readCount()).isEqualTo(2);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void aReadWithAHoleInItsAnnouncementsIsNotKept() {
        ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 7, UPDATED));
        log.announce(entry(CHANNEL, "e", 9, UPDATED));
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        ask(CHANNEL);

        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void aReadAcrossADoubtIsAnsweredButNotKept() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.doubt();
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        assertThat(asked.join().entry()).map(Entry::offset).contains(7L);
        assertThat(log.followers(CHANNEL)).isZero();
        CompletableFuture<Latest> next = ask(CHANNEL);
        assertThat(next).isNotDone();
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void requestAfterADoubtDoesNotShareAnEarlierRead() {
        ask(CHANNEL);
        log.doubt();
        CompletableFuture<Latest> later = ask(CHANNEL);

        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));
        assertThat(later).isNotDone();
        log.answerRead(entry(CHANNEL, "e", 8, UPDATED));

        assertThat(later.join().entry()).map(Entry::offset).contains(8L);
        assertThat(now(CHANNEL).entry()).map(Entry::offset).contains(8L);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void aDoubtDropsAllThatIsKept() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        keep(OTHER);

        log.doubt();

        assertThat(store.statistics().entries()).isZero();
        assertThat(log.followers(CHANNEL)).isZero();
        assertThat(log.followers(OTHER)).isZero();
    }
}
