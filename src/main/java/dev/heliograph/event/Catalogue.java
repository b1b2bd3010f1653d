package dev.heliograph.event;

import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The namespaces and event types that are legal here. Immutable; any thread may ask. */
public final class Catalogue {
    private static final int PROBES_KEPT = 16;
    private static final int PROBE_BYTES = 64;

    /**
     * The channel of the gateway's own probes, which all nodes share. It is in no configured namespace, so clients cannot name it:
     * {@link #channel} does not find it.
     */
    // docs/decisions.md: Probes have a channel that clients cannot name
    public static final Channel PROBES = new Channel("_probe");

    /** The type of the events of {@link #PROBES}. */
    public static final String PROBE_TYPE = "probe";

    private static final Namespace OF_PROBES = new Namespace(
            PROBES.name(),
            Set.of(PROBE_TYPE),
            PROBES_KEPT,
            PROBES_KEPT,
            Duration.ofMinutes(1),
            Set.of(),
            false,
            PROBE_BYTES,
            SlowClientPolicy.REPLAY,
            Optional.empty(),
            CacheProfile.REALTIME);

    private final Map<String, Namespace> namespaces;

    /** @throws IllegalArgumentException if two have the same name, or one the name of {@link #PROBES} */
    public Catalogue(Collection<Namespace> namespaces) {
        namespaces.forEach(Catalogue::refuseReserved);
        this.namespaces = namespaces.stream()
                .collect(Collectors.toMap(
                        Namespace::name,
                        Function.identity(),
                        (a, b) -> {
                            throw new IllegalArgumentException("namespace " + a.name() + " is configured twice");
                        },
                        TreeMap::new));
    }

    private static void refuseReserved(Namespace namespace) {
        if (namespace.name().equals(PROBES.name())) {
            throw new IllegalArgumentException("heliograph.namespaces." + namespace.name()
                    + " is configured, expected another name: this one is the gateway's own");
        }
    }

    public Collection<Namespace> namespaces() {
        return namespaces.values();
    }

    /** @throws ProblemException {@code unknown-namespace} if none of that name is configured, and it is not {@link #PROBES} */
    public Namespace namespaceOf(Channel channel) {
        return channel.equals(PROBES) ? OF_PROBES : configuredFor(channel);
    }

    private Namespace configuredFor(Channel channel) {
        Namespace namespace = namespaces.get(channel.namespace());
        if (namespace == null) {
            throw ProblemException.inField(
                    ProblemType.UNKNOWN_NAMESPACE,
                    "channel",
                    channel.name(),
                    "one of the namespaces " + String.join(", ", namespaces.keySet()) + " before the first hyphen");
        }
        return namespace;
    }

    /** Whether the namespace of a channel is configured. */
    public boolean isKnown(Channel channel) {
        return namespaces.containsKey(channel.namespace());
    }

    /** Whether clients that do not say who they are may do it; nothing in a namespace that is not configured. */
    public boolean isPublic(Action action, Channel channel) {
        Namespace namespace = namespaces.get(channel.namespace());
        return namespace != null && namespace.isPublic(action);
    }

    /** As the other, for the gateway itself and those who may see all of it. */
    public Channel channel(String written) {
        return channel(written, channel -> {});
    }

    /**
     * Reads a channel name, or {@code <namespace>.*} for the firehose. The only way from a name to a channel.
     *
     * @param written by a client; may be null
     * @param guard throws if the channel is not to be had, before its namespace is looked up
     * @throws ProblemException {@code invalid-channel} if it is null or malformed, {@code unknown-namespace}
     */
    public Channel channel(String written, Consumer<Channel> guard) {
        Channel channel = Channel.parse(written);
        guard.accept(channel);
        configuredFor(channel);
        return channel;
    }

    /**
     * Checks that each of the types can come through at least one of the channels.
     *
     * @throws ProblemException {@code unknown-type} in the given field
     */
    public void requireTypes(String field, Collection<String> types, Collection<Channel> channels) {
        var known = new TreeSet<String>();
        channels.forEach(channel -> known.addAll(namespaceOf(channel).types()));
        for (String type : types) {
            if (!known.contains(type)) {
                throw ProblemException.inField(
                        ProblemType.UNKNOWN_TYPE, field, type, "one of " + String.join(", ", known));
            }
        }
    }

    /**
     * @param field the member or parameter of the type
     * @param type as the client wrote it, may be null
     * @throws ProblemException {@code unknown-type} if the namespace does not list it
     */
    public void requireType(String field, Namespace namespace, String type) {
        if (type == null || !namespace.types().contains(type)) {
            throw ProblemException.inField(
                    ProblemType.UNKNOWN_TYPE,
                    field,
                    type,
                    "one of " + String.join(", ", new TreeSet<>(namespace.types())) + " in namespace "
                            + namespace.name());
        }
    }
}
