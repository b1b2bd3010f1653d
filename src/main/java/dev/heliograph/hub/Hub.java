package dev.heliograph.hub;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The listeners of this node, by channel. Any thread may call. */
public final class Hub implements Feed.Listener {
    private final Catalogue catalogue;
    private final Audiences audiences;
    private final LaneParts parts;
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();

    public Hub(Catalogue catalogue, EventLog log, Feed feed, HubConfig config, MeterRegistry registry) {
        this.catalogue = catalogue;
        this.audiences = new Audiences(feed);
        this.parts = new LaneParts(log, feed, audiences, config, new HubMetrics(audiences, registry));
        feed.listen(this);
    }

    /**
     * A subscription that has not started.
     *
     * @param filter the events to push
     */
    public Subscription subscription(Channel channel, Filter filter, Subscriber subscriber) {
        Lane lane = lanes.computeIfAbsent(subscriber.outlet().loop(), loop -> new Lane(parts, loop));
        return new Subscription(lane, channel, catalogue.namespaceOf(channel), filter, subscriber);
    }

    /**
     * The newest position of a channel that one event loop knows; empty if nobody listened there recently, during a resync,
     * or while the feed is not trusted. Must be called on that loop. The caller counts as a listener that has just left.
     */
    public Optional<Position> tail(Channel channel, EventLoop loop) {
        Lane lane = lanes.get(loop);
        return lane == null ? Optional.empty() : lane.tail(channel);
    }

    /** How many channels this node follows at present. */
    public int followedChannels() {
        return audiences.size();
    }

    @Override
    public void onEntry(Entry entry) {
        List<Lane> listening = audiences.of(entry.channel());
        if (listening.isEmpty()) {
            return;
        }
        var delivery = new Delivery(entry);
        for (Lane lane : listening) {
            lane.offer(delivery);
        }
    }

    @Override
    public void onDoubt() {
        lanes.values().forEach(Lane::doubt);
    }
}
