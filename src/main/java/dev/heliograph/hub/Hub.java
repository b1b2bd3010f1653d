package dev.heliograph.hub;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who on this node listens to which channel. Any thread may call. */
public final class Hub implements Feed.Listener {
    private final Catalogue catalogue;
    private final EventLog log;
    private final Feed feed;
    private final HubConfig config;
    private final HubMetrics metrics;
    private final Map<Channel, Audience> audiences = new ConcurrentHashMap<>();
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();

    public Hub(Catalogue catalogue, EventLog log, Feed feed, HubConfig config, MeterRegistry registry) {
        this.catalogue = catalogue;
        this.log = log;
        this.feed = feed;
        this.config = config;
        this.metrics = new HubMetrics(this, registry);
        feed.listen(this);
    }

    /**
     * A subscription that has not started.
     *
     * @param filter which events are pushed
     */
    public Subscription subscription(Channel channel, Filter filter, Subscriber subscriber) {
        Lane lane = lanes.computeIfAbsent(subscriber.outlet().loop(), loop -> new Lane(this, loop));
        return new Subscription(lane, channel, filter, subscriber);
    }

    /** How many channels this node follows at present. */
    public int followedChannels() {
        return audiences.size();
    }

    /**
     * The newest position of a channel as far as one event loop knows it; empty if nobody listened there of late, if it is
     * being compared with the log just now, or if the feed is not trusted. To be called on that loop. Whoever asks counts
     * as a listener who has just left.
     */
    public Optional<Position> tail(Channel channel, EventLoop loop) {
        Lane lane = lanes.get(loop);
        return lane == null ? Optional.empty() : lane.tail(channel);
    }

    @Override
    public void onEntry(Entry entry) {
        Audience audience = audiences.get(entry.channel());
        if (audience == null) {
            return;
        }
        var delivery = new Delivery(entry);
        for (Lane lane : audience.lanes()) {
            lane.offer(delivery);
        }
    }

    @Override
    public void onDoubt() {
        lanes.values().forEach(Lane::doubt);
    }

    /** Has a channel's entries offered to a lane. Completes when they flow; what was appended before may be missing. */
    Uni<Void> enter(Channel channel, Lane lane) {
        return audiences
                .compute(channel, (name, present) -> {
                    Audience audience = present != null
                            ? present
                            : new Audience(feed.follow(channel).memoize().indefinitely(), List.of());
                    return audience.with(lane);
                })
                .followed();
    }

    void leave(Channel channel, Lane lane) {
        audiences.computeIfPresent(channel, (name, audience) -> {
            Audience left = audience.without(lane);
            if (!left.lanes().isEmpty()) {
                return left;
            }
            // Inside, so that a follow by whoever enters next comes after it.
            feed.unfollow(channel);
            return null;
        });
    }

    EventLog log() {
        return log;
    }

    /** Whether the feed's announcements can be expected to come at present. */
    boolean isTrusted() {
        return feed.isTrusted();
    }

    HubConfig config() {
        return config;
    }

    HubMetrics metrics() {
        return metrics;
    }

    Namespace namespaceOf(Channel channel) {
        return catalogue.namespaceOf(channel);
    }
}
