package dev.heliograph.latest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.cache.FollowedStress;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** The newest event of any type, and of each. */
class LatestEventsStressTest extends FollowedStress {
    private LatestEvents store;

    LatestEventsStressTest() {
        super("orders", "orders-1", "orders-2", "orders-3");
    }

    @Override
    protected void open(CorrectingLog corrected) {
        store = new LatestEvents(
                catalogue,
                corrected,
                feed,
                MAX_BYTES,
                COMPARE_INTERVAL,
                new SimpleMeterRegistry(),
                Ticker.systemTicker());
    }

    @Override
    protected Uni<?> write(Channel channel, String type) {
        return log.append(event(channel, type), null);
    }

    @Override
    protected Position reached(Channel channel) {
        return await(log.since(channel, null, 1)).top();
    }

    @Override
    protected Uni<Long> read(Channel channel, Position reached) {
        return offset(channel, Set.of(), reached);
    }

    @Override
    protected Uni<Long> readLog(Channel channel) {
        return log.latest(channel)
                .map(entries -> entries.stream().mapToLong(Entry::offset).max().orElse(0));
    }

    @Override
    protected Uni<?> disturb(Channel channel, boolean all) {
        return store.invalidate(all ? Invalidation.all() : Invalidation.ofKey(catalogue, channel.name()));
    }

    @Override
    protected void assertThatAllIsRead(Channel channel) {
        for (Entry entry : await(log.latest(channel))) {
            assertThat(await(offset(channel, Set.of(entry.type()), null))).isEqualTo(entry.offset());
        }
    }

    @Override
    protected void forgetAll() {
        await(store.invalidate(Invalidation.all()));
    }

    private Uni<Long> offset(Channel channel, Set<String> types, Position reached) {
        return store.latest(channel, types, reached)
                .map(latest -> latest.entry().map(Entry::offset).orElse(0L));
    }
}
