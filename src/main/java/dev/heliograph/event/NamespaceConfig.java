package dev.heliograph.event;

import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Options of one namespace: {@code heliograph.namespaces.<name>.*}. */
public interface NamespaceConfig {
    /** The legal event types, e.g. {@code order.created,order.updated}. */
    Set<String> types();

    /** How many entries each channel's log keeps, 1 to 100,000. */
    @WithDefault("1000")
    int historySize();

    /** How many entries the namespace's firehose keeps, 1 to 1,000,000. */
    @WithDefault("10000")
    int firehoseHistorySize();

    /** How long a channel's history is kept after the last event was appended to it; at least 1 second. */
    @WithDefault("24h")
    Duration historyTtl();

    /** Whether nothing of it is open to clients that do not say who they are. Needs a key ({@code heliograph.access.*}). */
    @WithDefault("false")
    boolean requiresAuth();

    /**
     * What is open to clients that do not say who they are; none: nothing once there is a key, everything as long as there is
     * none.
     */
    @WithName("public")
    Optional<Set<Action>> publicActions();

    /** Whether clients may publish over their WebSocket. */
    @WithDefault("false")
    boolean clientPublish();

    /** How many events one client may publish in a second, in the long run, and ten times as many at once; 0: no limit. */
    @WithDefault("0")
    int publishesPerSecond();

    /** The largest {@code data} of one event, in bytes of UTF-8; at most 1 MiB. */
    @WithDefault("64K")
    MemorySize maxEventBytes();

    /** The treatment of clients that read too slowly. */
    @WithDefault("replay")
    SlowClientPolicy slowClients();

    /**
     * Member of {@code data} whose value, beside channel and type, tells events apart under {@code conflate}; none: only
     * the newest event of each channel and type is kept.
     */
    Optional<String> conflateKey();

    /**
     * How long HTTP caches may serve the latest event or the document: realtime (5 s), fast (30 s), standard (300 s), slow
     * (1800 s).
     */
    @WithDefault("realtime")
    CacheProfile cacheProfile();

    /**
     * The type of the event of a document's change if the writer names none; none: the one type that ends in {@code
     * .updated}, if there is exactly one.
     */
    Optional<String> documentType();

    /** How long a document is kept after its last change, at least 1 second; none: until it is deleted. */
    Optional<Duration> documentTtl();
}
