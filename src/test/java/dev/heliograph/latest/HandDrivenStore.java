package dev.heliograph.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A store with a log, a feed and a clock that the test drives by hand. */
abstract class HandDrivenStore {
    static final Channel CHANNEL = new Channel("orders-123");
    static final Channel OTHER = new Channel("orders-456");
    static final String UPDATED = "order.updated";
    static final String CREATED = "order.created";

    static final Catalogue CATALOGUE = new Catalogue(List.of(
            namespace("orders", Duration.ofHours(24), CacheProfile.REALTIME),
            namespace("short", Duration.ofSeconds(30), CacheProfile.REALTIME),
            namespace("slow", Duration.ofHours(24), CacheProfile.SLOW)));

    /** Longer than most channels are kept. */
    static final Duration COMPARE_INTERVAL = Duration.ofMinutes(14);

    final HandDrivenLog log = new HandDrivenLog();
    final CorrectingLog corrected = new CorrectingLog(log, null);
    final AtomicLong nowNanos = new AtomicLong(1_000);
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final LatestEvents store = newStore(100_000);

    private static Namespace namespace(String name, Duration historyTtl, CacheProfile profile) {
        return new Namespace(
                name,
                Set.of(UPDATED, CREATED),
                100,
                100,
                historyTtl,
                EnumSet.allOf(Action.class),
                false,
                65_536,
                SlowClientPolicy.REPLAY,
                Optional.empty(),
                profile);
    }

    LatestEvents newStore(long maxBytes) {
        return new LatestEvents(CATALOGUE, corrected, log, maxBytes, COMPARE_INTERVAL, metrics, nowNanos::get);
    }

    /** Has the store read these entries, and keep them. */
    void keep(Channel channel, Entry... entries) {
        CompletableFuture<Latest> asked = ask(channel);
        assertThat(asked).isNotDone();
        log.answerRead(entries);
        assertThat(asked).isCompleted();
    }

    CompletableFuture<Latest> ask(Channel channel, String... types) {
        return store.latest(channel, Set.of(types)).subscribeAsCompletionStage();
    }

    /** The answer that must be there at once, on this thread. */
    Latest now(Channel channel, String... types) {
        CompletableFuture<Latest> asked = ask(channel, types);
        assertThat(asked).isCompleted();
        return asked.join();
    }
}
