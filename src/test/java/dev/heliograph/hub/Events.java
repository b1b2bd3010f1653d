package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Namespaces and events for the tests of the hub. */
final class Events {
    static final Channel ORDER = new Channel("orders-1");
    static final Channel DRIVER = new Channel("drivers-1");
    static final Channel JOB = new Channel("jobs-1");

    private Events() {}

    /** {@code orders} replays, {@code drivers} conflates by {@code data.car}, {@code jobs} disconnects. */
    static Catalogue catalogue(int historySize) {
        return new Catalogue(List.of(
                namespace("orders", historySize, SlowClientPolicy.REPLAY, Optional.empty()),
                namespace("drivers", historySize, SlowClientPolicy.CONFLATE, Optional.of("car")),
                namespace("jobs", historySize, SlowClientPolicy.DISCONNECT, Optional.empty())));
    }

    private static Namespace namespace(String name, int historySize, SlowClientPolicy policy, Optional<String> key) {
        return new Namespace(
                name,
                Set.of("it.happened", "it.ended"),
                historySize,
                historySize,
                Duration.ofHours(1),
                EnumSet.allOf(Action.class),
                false,
                65536,
                policy,
                key,
                CacheProfile.REALTIME);
    }

    static Event event(Channel channel, int number) {
        return event(channel, "it.happened", number, "{\"car\":" + number % 3 + ",\"n\":" + number + "}");
    }

    static Event event(Channel channel, String type, int number, String data) {
        return new Event("e" + number, channel, type, Instant.EPOCH, data.getBytes(UTF_8));
    }

    static Hub.Config config(Duration linger, Duration slowClientGrace) {
        return new Hub.Config() {
            @Override
            public Duration linger() {
                return linger;
            }

            @Override
            public int laneQueueEntries() {
                return 256;
            }

            @Override
            public int pageEntries() {
                return 16;
            }

            @Override
            public Duration slowClientGrace() {
                return slowClientGrace;
            }
        };
    }
}
