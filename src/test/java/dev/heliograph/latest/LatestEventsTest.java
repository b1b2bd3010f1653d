package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.wire.WireJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the store answers, how often it reads the log for that, and what it tells of both. */
class LatestEventsTest extends HandDrivenStore {
    @Test
    void nothingHappensBeforeSubscription() {
        store.latest(CHANNEL, Set.of());

        assertThat(log.readCount()).isZero();
        assertThat(store.statistics().misses()).isZero();
    }

    @Test
    void eventThatWasReadOnceIsAnsweredAtOnce() {
        Entry updated = entry(CHANNEL, "e", 7, UPDATED);
        CompletableFuture<Latest> first = ask(CHANNEL);
        log.answerRead(entry(CHANNEL, "e", 3, CREATED), updated);

        Latest second = now(CHANNEL);

        assertThat(first.join().entry()).contains(updated);
        assertThat(first.join().cached()).isFalse();
        assertThat(second.entry()).contains(updated);
        assertThat(second.cached()).isTrue();
        assertThat(second.encoded()).hasValueSatisfying(encoded -> {
            assertThat(encoded.json()).isEqualTo(WireJson.entry(updated));
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
    void absenceIsKeptUntilThereIsAnEvent() {
        keep(CHANNEL);

        assertThat(now(CHANNEL)).isEqualTo(new Latest(Optional.empty(), true, false));
        log.announce(entry(CHANNEL, "e", 1, UPDATED));
        assertThat(now(CHANNEL, CREATED)).isEqualTo(new Latest(Optional.empty(), true, false));
        assertThat(now(CHANNEL).entry()).map(Entry::offset).contains(1L);
    }

    @Test
    void concurrentRequestsShareOneRead() {
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
    void disconnectedFeedFailsReadAsTimeout() {
        log.letFollowsWait();

        assertThatThrownBy(() -> store.latest(CHANNEL, Set.of()).await().atMost(Duration.ofSeconds(20)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.LOG_TIMEOUT));
        assertThat(log.followers(CHANNEL)).isZero();
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
        assertThat(metrics.get("heliograph_latest_entries").gauge().value()).isEqualTo(2);
        assertThat(metrics.get("heliograph_latest_bytes").gauge().value()).isEqualTo(statistics.bytes());
        assertThat(lookups("hit")).isEqualTo(3);
        assertThat(lookups("miss")).isEqualTo(1);
        assertThat(metrics.get("heliograph_latest_not_modified")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private double lookups(String outcome) {
        return metrics.get("heliograph_latest_lookups")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    private static Problem problemOf(CompletableFuture<Latest> asked) {
        return asked.handle((latest, failure) -> ((ProblemException) failure).problem())
                .join();
    }
}
