package dev.heliograph.hub;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Feed;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes that listen to each channel. The feed follows a channel while it has a lane. Any thread may call. */
final class Audiences {
    private final Feed feed;
    private final Map<Channel, Audience> audiences = new ConcurrentHashMap<>();

    /**
     * The lanes of one channel; immutable.
     *
     * @param followed completes once the feed announces the channel's entries
     */
    private record Audience(Uni<Void> followed, List<Lane> lanes) {
        Audience {
            lanes = List.copyOf(lanes);
        }

        Audience with(Lane lane) {
            if (lanes.contains(lane)) {
                return this;
            }
            var more = new ArrayList<>(lanes);
            more.add(lane);
            return new Audience(followed, more);
        }

        Audience without(Lane lane) {
            return new Audience(
                    followed, lanes.stream().filter(other -> other != lane).toList());
        }
    }

    Audiences(Feed feed) {
        this.feed = feed;
    }

    /** The lanes that listen to a channel; empty if none does. */
    List<Lane> of(Channel channel) {
        Audience audience = audiences.get(channel);
        return audience == null ? List.of() : audience.lanes();
    }

    /** How many channels have listeners; without that of the gateway's own probes. */
    int size() {
        return audiences.size() - (audiences.containsKey(Catalogue.PROBES) ? 1 : 0);
    }

    /** Adds a lane. Completes when live entries are delivered to it; earlier entries may be missing. */
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
            // Inside, so that a later follow by another lane comes after the unfollow.
            feed.unfollow(channel);
            return null;
        });
    }
}
