package dev.heliograph.etag;

import static dev.heliograph.etag.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.etag.EtagStore.Latest;
import dev.heliograph.event.CacheProfile;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.SlowClientPolicy;
import dev.heliograph.log.Entry;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the store answers and keeps, with a log and a feed that the test drives by hand. */
class EtagStoreTest {
    private static final Channel CHANNEL = new Channel("orders-123");
    private static final Channel OTHER = new Channel("orders-456");
    private static final String UPDATED = "order.updated";
    private static final String CREATED = "order.created";
    /** The cache notices the end of an entry's time up to a second late, if nobody asks for it. */
    private static final Duration WHEEL_TURN = Duration.ofSeconds(3);

    private static final Catalogue CATALOGUE = new Catalogue(List.of(
            namespace("orders", Duration.ofHours(24), CacheProfile.REALTIME),
            namespace("short", Duration.ofSeconds(30), CacheProfile.REALTIME),
            namespace("slow", Duration.ofHours(24), CacheProfile.SLOW)));

    private final HandDrivenLog log = new HandDrivenLog();
    private final AtomicLong nowNanos = new AtomicLong(1_000);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EtagStore store = new EtagStore(CATALOGUE, log, log, 100_000, metrics, nowNanos::get);

    private static Namespace namespace(String name, Duration historyTtl, CacheProfile profile) {
        return new Namespace(
                name,
                Set.of(UPDATED, CREATED),
                100,
                100,
                historyTtl,
                false,
                false,
                65_536,
                SlowClientPolicy.REPLAY,
                Optional.empty(),
                profile);
    }

    @Test
    void nothingHappensBeforeSubscription() {
        store.latest(CHANNEL, Set.of());

        assertThat(log.readCount()).isZero();
        assertThat(store.statistics().misses()).isZero();
    }

    @Test
    void whatWasReadOnceIsAnsweredAtOnce() {
        Entry updated = entry(CHANNEL, "e", 7, UPDATED);
        CompletableFuture<Latest> first = ask(CHANNEL);
        log.answerRead(entry(CHANNEL, "e", 3, CREATED), updated);

        Latest second = now(CHANNEL);

        assertThat(first.join().entry()).contains(updated);
        assertThat(first.join().cached()).isFalse();
        assertThat(second.entry()).contains(updated);
        assertThat(second.cached()).isTrue();
        assertThat(second.encoded()).hasValueSatisfying(encoded -> {
            assertThat(encoded.json()).isEqualTo(updated.json());
            assertThat(encoded.tag()).isEqualTo("\"e-7\"");
        });
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void theTypesSayWhichIsNewest() {
        keep(CHANNEL, entry(CHANNEL, "e", 3, CREATED), entry(CHANNEL, "e", 7, UPDATED));

        assertThat(now(CHANNEL, CREATED).entry()).map(Entry::offset).contains(3L);
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(7L);
        assertThat(now(CHANNEL, CREATED, UPDATED).entry()).map(Entry::offset).contains(7L);
    }

    @Test
    void thatThereIsNoneIsKeptTooUntilThereIsOne() {
        keep(CHANNEL);

        assertThat(now(CHANNEL)).isEqualTo(new Latest(Optional.empty(), true, false));
        log.announce(entry(CHANNEL, "e", 1, UPDATED));
        assertThat(now(CHANNEL, CREATED)).isEqualTo(new Latest(Optional.empty(), true, false));
        assertThat(now(CHANNEL).entry()).map(Entry::offset).contains(1L);
    }

    @Test
    void whatIsAnnouncedIsAnsweredNext() {
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
    void whatIsAnnouncedDuringTheReadIsNotLost() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 8, UPDATED));
        log.announce(entry(CHANNEL, "e", 9, CREATED));

        log.answerRead(entry(CHANNEL, "e", 3, CREATED), entry(CHANNEL, "e", 7, UPDATED));

        assertThat(asked.join().entry()).map(Entry::offset).contains(9L);
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(8L);
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void whatIsAnnouncedDuringTheReadMayBeOlderThanIt() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.announce(entry(CHANNEL, "e", 8, UPDATED));

        log.answerRead(entry(CHANNEL, "e", 9, CREATED), entry(CHANNEL, "e", 10, UPDATED));

        assertThat(asked.join().entry()).map(Entry::offset).contains(10L);
        assertThat(now(CHANNEL, UPDATED).cached()).isTrue();
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::offset).contains(10L);
    }

    @Test
    void aReadThatDoesNotReachWhatIsAnnouncedIsNotKept() {
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
    void whatIsReadAcrossADoubtIsAnsweredButNotKept() {
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
    void whoAsksAfterADoubtDoesNotShareAnEarlierRead() {
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

    @Test
    void whoAsksAtOnceSharesOneRead() {
        List<CompletableFuture<Latest>> asked = List.of(ask(CHANNEL), ask(CHANNEL), ask(CHANNEL));

        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        assertThat(asked).allSatisfy(each -> assertThat(each.join().entry()).isPresent());
        assertThat(log.readCount()).isEqualTo(1);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
        assertThat(store.statistics().misses()).isEqualTo(3);
    }

    @Test
    void theLogIsReadOnlyOnceTheChannelIsFollowed() {
        log.letFollowsWait();
        CompletableFuture<Latest> asked = ask(CHANNEL);
        assertThat(log.readCount()).isZero();

        log.completeFollow();
        log.answerRead();

        assertThat(asked.join().entry()).isEmpty();
    }

    @Test
    void aFailureIsToldAndNotRemembered() {
        CompletableFuture<Latest> asked = ask(CHANNEL);
        log.failRead(ProblemException.of(ProblemType.LOG_UNAVAILABLE, "gone"));

        assertThat(problemOf(asked).type()).isEqualTo(ProblemType.LOG_UNAVAILABLE);
        assertThat(log.followers(CHANNEL)).isZero();
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        assertThat(now(CHANNEL).entry()).isPresent();
    }

    @Test
    void aFeedThatDoesNotComeBackIsToldAsATimeout() {
        log.letFollowsWait();

        assertThatThrownBy(() -> store.latest(CHANNEL, Set.of()).await().atMost(Duration.ofSeconds(20)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.LOG_TIMEOUT));
        assertThat(log.followers(CHANNEL)).isZero();
    }

    @Test
    void aChannelIsKeptForAMinuteAfterItWasAskedFor() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        pass(Duration.ofSeconds(59));
        assertThat(now(CHANNEL).cached()).isTrue();
        pass(Duration.ofSeconds(59));
        assertThat(now(CHANNEL).cached()).isTrue();
        pass(Duration.ofSeconds(60).plus(WHEEL_TURN));

        assertThat(log.followers(CHANNEL)).isZero();
        ask(CHANNEL);
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void announcementsDoNotKeepAChannel() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        pass(Duration.ofSeconds(59));
        log.announce(entry(CHANNEL, "e", 8, UPDATED));
        pass(WHEEL_TURN);

        assertThat(log.followers(CHANNEL)).isZero();
    }

    @Test
    void aSlowProfileKeepsAChannelForItsTime() {
        Channel slow = new Channel("slow-1");
        keep(slow, entry(slow, "e", 7, UPDATED));

        pass(CacheProfile.SLOW.ttl().minusSeconds(1));
        assertThat(log.followers(slow)).isEqualTo(1);
        pass(WHEEL_TURN);

        assertThat(log.followers(slow)).isZero();
    }

    @Test
    void nothingIsKeptForLongerThanTheLogKeepsIt() {
        Channel shortLived = new Channel("short-1");
        keep(shortLived, entry(shortLived, "e", 7, UPDATED));

        pass(Duration.ofSeconds(29));
        assertThat(now(shortLived).cached()).isTrue();
        pass(Duration.ofSeconds(1));

        assertThat(ask(shortLived)).isNotDone();
    }

    @Test
    void memoryStaysWithinItsBound() {
        for (int i = 0; i < 500; i++) {
            Channel channel = new Channel("orders-" + i);
            keep(channel, entry(channel, "e", 1, UPDATED), entry(channel, "e", 2, CREATED));

            assertThat(store.statistics().bytes()).isLessThanOrEqualTo(100_000);
        }
        int followed = 0;
        for (int i = 0; i < 500; i++) {
            followed += log.followers(new Channel("orders-" + i));
        }
        assertThat(store.statistics().bytes()).isGreaterThan(50_000);
        assertThat(followed * 2L).isEqualTo(store.statistics().entries());
    }

    @Test
    void aChannelIsWeighedAgainWhenItGrows() {
        keep(CHANNEL, entry(CHANNEL, "e", 1, UPDATED));
        long before = store.statistics().bytes();

        log.announce(entry(CHANNEL, "e", 2, CREATED));

        assertThat(store.statistics().bytes()).isBetween(before + 500, before + 1000);
        assertThat(store.statistics().entries()).isEqualTo(2);
    }

    @Test
    void withoutRoomEveryRequestReadsTheLog() {
        var none = new EtagStore(CATALOGUE, log, log, 0, new SimpleMeterRegistry(), nowNanos::get);
        var first = none.latest(CHANNEL, Set.of()).subscribeAsCompletionStage();
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        none.latest(CHANNEL, Set.of()).subscribeAsCompletionStage();

        assertThat(first.join().entry()).isPresent();
        assertThat(log.readsUnderWay()).isEqualTo(1);
    }

    @Test
    void anInvalidationDropsWhatItNamesAndTellsTheOthers() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        keep(OTHER, entry(OTHER, "e", 7, UPDATED));

        store.invalidate(Invalidation.ofKey(CATALOGUE, "orders-123")).await().indefinitely();

        assertThat(now(OTHER).cached()).isTrue();
        assertThat(ask(CHANNEL)).isNotDone();
        assertThat(log.broadcasts).hasSize(1).first().asString().matches("invalidate [0-9a-f-]{36} orders-123");
    }

    @Test
    void anotherNodesInvalidationDropsWhatItNames() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        keep(OTHER, entry(OTHER, "e", 7, UPDATED));

        log.notice("invalidate another-node drivers-* orders-1?3:order.updated");

        assertThat(now(OTHER).cached()).isTrue();
        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void whatIsReadAcrossAnInvalidationIsNotKept() {
        ask(CHANNEL);
        log.notice("invalidate another-node *");
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void ourOwnNoticeAndStrangeOnesDropNothing() {
        keep(OTHER);
        store.invalidate(Invalidation.ofKey(CATALOGUE, "orders-123")).await().indefinitely();
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.notice(log.broadcasts.get(0));
        log.notice("");
        log.notice("invalidate");
        log.notice("invalidate another-node");
        log.notice("reload another-node *");

        assertThat(now(CHANNEL).cached()).isTrue();
        assertThat(now(OTHER).cached()).isTrue();
    }

    @Test
    void statisticsAndMetricsTellTheSame() {
        assertThat(store.statistics().hitRate()).isZero();
        keep(CHANNEL, entry(CHANNEL, "e", 3, CREATED), entry(CHANNEL, "e", 7, UPDATED));
        now(CHANNEL);
        now(CHANNEL);
        now(CHANNEL);
        store.countNotModified();

        CacheStatistics statistics = store.statistics();

        assertThat(statistics).isEqualTo(new CacheStatistics(2, statistics.bytes(), 100_000, 3, 1, 0.75, 1));
        assertThat(metrics.get("heliograph_etag_entries").gauge().value()).isEqualTo(2);
        assertThat(metrics.get("heliograph_etag_bytes").gauge().value()).isEqualTo(statistics.bytes());
        assertThat(lookups("hit")).isEqualTo(3);
        assertThat(lookups("miss")).isEqualTo(1);
        assertThat(metrics.get("heliograph_etag_not_modified").functionCounter().count())
                .isEqualTo(1);
    }

    private double lookups(String outcome) {
        return metrics.get("heliograph_etag_lookups")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    /** Has the store read these entries, and keep them. */
    private void keep(Channel channel, Entry... entries) {
        CompletableFuture<Latest> asked = ask(channel);
        assertThat(asked).isNotDone();
        log.answerRead(entries);
        assertThat(asked).isCompleted();
    }

    private CompletableFuture<Latest> ask(Channel channel, String... types) {
        return store.latest(channel, Set.of(types)).subscribeAsCompletionStage();
    }

    /** The answer that must be there at once, on this thread. */
    private Latest now(Channel channel, String... types) {
        CompletableFuture<Latest> asked = ask(channel, types);
        assertThat(asked).isCompleted();
        return asked.join();
    }

    private void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
        store.cleanUp();
    }

    private static Problem problemOf(CompletableFuture<Latest> asked) {
        return asked.handle((latest, failure) -> ((ProblemException) failure).problem())
                .join();
    }
}
