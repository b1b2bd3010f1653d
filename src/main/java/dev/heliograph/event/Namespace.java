package dev.heliograph.event;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A configured family of channels. See {@link NamespaceConfig} for the meaning of each option. */
public record Namespace(
        String name,
        Set<String> types,
        int historySize,
        int firehoseHistorySize,
        Duration historyTtl,
        Set<Action> publicActions,
        boolean clientPublish,
        int maxEventBytes,
        SlowClientPolicy slowClients,
        Optional<String> conflateKey,
        CacheProfile cacheProfile,
        Optional<String> documentType,
        Optional<Duration> documentTtl,
        int publishesPerSecond) {
    private static final String UPDATED = ".updated";
    private static final Duration LEAST_TTL = Duration.ofSeconds(1);
    /** Redis refuses a time to live whose end in milliseconds does not fit into 64 bits. */
    private static final Duration LONGEST_TTL = Duration.ofDays(36_500);

    private static final int MAX_RATE = 1_000_000;

    private static final Pattern LEGAL_NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern LEGAL_TYPE = Pattern.compile("[A-Za-z0-9_.:]{1,128}");

    public Namespace {
        types = Set.copyOf(types);
        publicActions = Set.copyOf(publicActions);
        Objects.requireNonNull(slowClients, "slowClients");
        Objects.requireNonNull(cacheProfile, "cacheProfile");
        require(LEGAL_NAME.matcher(name).matches(), name, "", name, "1 to 64 characters of A-Z a-z 0-9 _");
        require(!types.isEmpty(), name, "types", types, "at least one event type");
        for (String type : types) {
            require(LEGAL_TYPE.matcher(type).matches(), name, "types", type, "A-Z a-z 0-9 _ . : in each type");
        }
        require(historySize >= 1 && historySize <= 100_000, name, "history-size", historySize, "1 to 100000");
        require(
                firehoseHistorySize >= 1 && firehoseHistorySize <= 1_000_000,
                name,
                "firehose-history-size",
                firehoseHistorySize,
                "1 to 1000000");
        require(isTtl(historyTtl), name, "history-ttl", historyTtl, "1s to 36500d");
        require(
                publishesPerSecond >= 0 && publishesPerSecond <= MAX_RATE,
                name,
                "publishes-per-second",
                publishesPerSecond,
                "0 (no limit) to " + MAX_RATE);
        require(maxEventBytes >= 2 && maxEventBytes <= 1 << 20, name, "max-event-bytes", maxEventBytes, "2 to 1048576");
        require(types.containsAll(documentType.stream().toList()), name, "document-type", documentType, "one of types");
        require(
                documentTtl.map(Namespace::isTtl).orElse(true),
                name,
                "document-ttl",
                documentTtl,
                "1s to 36500d, or nothing");
    }

    /** A namespace with the default options of documents. */
    public Namespace(
            String name,
            Set<String> types,
            int historySize,
            int firehoseHistorySize,
            Duration historyTtl,
            Set<Action> publicActions,
            boolean clientPublish,
            int maxEventBytes,
            SlowClientPolicy slowClients,
            Optional<String> conflateKey,
            CacheProfile cacheProfile) {
        this(
                name,
                types,
                historySize,
                firehoseHistorySize,
                historyTtl,
                publicActions,
                clientPublish,
                maxEventBytes,
                slowClients,
                conflateKey,
                cacheProfile,
                Optional.empty(),
                Optional.empty(),
                0);
    }

    /** @param hasKeys whether clients are asked who they are */
    public static Namespace of(String name, NamespaceConfig config, boolean hasKeys) {
        return new Namespace(
                name,
                config.types(),
                config.historySize(),
                config.firehoseHistorySize(),
                config.historyTtl(),
                publicActions(name, config, hasKeys),
                config.clientPublish(),
                (int) Math.min(Integer.MAX_VALUE, config.maxEventBytes().asLongValue()),
                config.slowClients(),
                config.conflateKey(),
                config.cacheProfile(),
                config.documentType(),
                config.documentTtl(),
                config.publishesPerSecond());
    }

    private static Set<Action> publicActions(String name, NamespaceConfig config, boolean hasKeys) {
        if (!config.requiresAuth()) {
            return config.publicActions().orElse(hasKeys ? Set.of() : EnumSet.allOf(Action.class));
        }
        require(config.publicActions().isEmpty(), name, "requires-auth", true, "false, or no public");
        require(hasKeys, name, "requires-auth", true, "false, or a key (heliograph.access.jwt or .keys) to show");
        return Set.of();
    }

    /** Whether clients that do not say who they are may do it. */
    public boolean isPublic(Action action) {
        return publicActions.contains(action);
    }

    /** The type of the event of a document's change if the writer names none; empty if the writer must name one. */
    public Optional<String> typeOfDocuments() {
        List<String> updated =
                types.stream().filter(type -> type.endsWith(UPDATED)).toList();
        return documentType.or(() -> updated.size() == 1 ? Optional.of(updated.get(0)) : Optional.empty());
    }

    /** Whether a document that was last changed then is still kept now. */
    public boolean keepsDocument(Instant modified, Instant now) {
        return documentTtl.map(ttl -> now.isBefore(modified.plus(ttl))).orElse(true);
    }

    /** How many entries the given channel of this namespace keeps. */
    public int historySize(Channel channel) {
        return channel.isFirehose() ? firehoseHistorySize : historySize;
    }

    private static boolean isTtl(Duration ttl) {
        return ttl.compareTo(LEAST_TTL) >= 0 && ttl.compareTo(LONGEST_TTL) <= 0;
    }

    private static void require(boolean holds, String name, String key, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("heliograph.namespaces." + name + (key.isEmpty() ? "" : "." + key)
                    + " is " + value + ", expected " + expected);
        }
    }

    /** How long HTTP caches may serve the latest event or the document of a namespace's channels without asking again. */
    public enum CacheProfile {
        REALTIME(5),
        FAST(30),
        STANDARD(300),
        SLOW(1800);

        private final Duration ttl;

        CacheProfile(int seconds) {
            ttl = Duration.ofSeconds(seconds);
        }

        public Duration ttl() {
            return ttl;
        }
    }

    /** The treatment of a subscription whose client reads more slowly than events come in. */
    public enum SlowClientPolicy {
        /** Pushes pause. When the client has read, it gets the missed events from the log, or a gap. */
        REPLAY,
        /** As {@link #REPLAY}, but the client gets only the newest missed event of each key. */
        CONFLATE,
        /** The connection is closed with a reason that asks to reconnect later with the cursor. */
        DISCONNECT
    }
}
