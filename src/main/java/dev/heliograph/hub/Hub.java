package dev.heliograph.hub;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.smallrye.config.WithDefault;
import java.time.Duration;
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

    public Hub(Catalogue catalogue, EventLog log, Feed feed, Config config, MeterRegistry registry) {
        this.catalogue = catalogue;
        this.audiences = new Audiences(feed);
        this.parts = new LaneParts(
                log,
                feed,
                audiences,
                config,
                new HubMetrics(audiences, registry),
                new HubMetrics(audiences, new SimpleMeterRegistry()));
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

    /** How many channels this node follows for clients at present. */
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

    /** How events reach the clients of this node: {@code heliograph.hub.*}. */
    public interface Config {
        /**
         * How long a channel is still followed after its last listener left; zero: not at all. Polls come and go: with this
         * time the next poll need not ask the log again.
         */
        @WithDefault("60s")
        Duration linger();

        /** How many entries may wait for one event loop before it re-reads the log instead; at least 16. */
        @WithDefault("16384")
        int laneQueueEntries();

        /**
         * How many entries a client that catches up is given from the log at a time; 1 to 1000. From Redis they are
         * fewer if they are large: not many more than fit into 1 MiB.
         */
        @WithDefault("128")
        int pageEntries();

        /** How long a socket may stay unwritable before the policy {@code disconnect} closes it; at least 1 second. */
        @WithDefault("5s")
        Duration slowClientGrace();
    }

    /** The client of one or more subscriptions. Called on the event loop of its outlet. */
    public interface Subscriber {
        Outlet outlet();

        /** All entries of the log have been written. Must not end the subscription. */
        default void onCaughtUp(Channel channel) {}

        /** The subscription has ended, because an entry could not be written and no later one may follow. */
        void onFailed(Channel channel);

        /** The socket stayed unwritable for the grace time and the namespace says {@code disconnect}. */
        void onTooSlow(Channel channel);
    }
}
