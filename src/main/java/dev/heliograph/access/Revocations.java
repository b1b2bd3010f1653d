package dev.heliograph.access;

import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The revocations that this node knows. Any thread may ask; a {@link RevocationStore} fills it, one call after another. */
public final class Revocations {
    /** How many there may be. */
    public static final int MAX = 100_000;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Map<Kind, Map<String, Instant>> inForce = new EnumMap<>(Kind.class);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isKnown;

    public Revocations() {
        for (Kind kind : Kind.values()) {
            inForce.put(kind, new ConcurrentHashMap<>());
        }
    }

    /** @param listener called after identities were revoked, on any thread; must not block */
    public void whenAdded(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether one of the revocations names it. */
    public boolean isRevoked(Identity identity) {
        for (Map.Entry<Kind, Map<String, Instant>> each : inForce.entrySet()) {
            String name = each.getKey().of(identity);
            Instant until = name == null ? null : each.getValue().get(name);
            if (until != null && Instant.now().isBefore(until)) {
                return true;
            }
        }
        return false;
    }

    /** @throws ProblemException {@code token-revoked}, {@code keys-unavailable} as long as the revocations are not known */
    void refuse(Identity identity) {
        if (!isKnown) {
            throw new ProblemException(Problem.of(
                            ProblemType.KEYS_UNAVAILABLE,
                            "this node has not read yet which tokens and keys were revoked")
                    .retryAfter(RETRY_AFTER));
        }
        if (isRevoked(identity)) {
            throw ProblemException.of(
                    ProblemType.TOKEN_REVOKED, "the token or API key was revoked, expected another one");
        }
    }

    /** All in force, in the order of their ends. */
    public List<Revocation> list() {
        Instant now = Instant.now();
        List<Revocation> list = new ArrayList<>();
        inForce.forEach((kind, names) -> names.forEach((name, until) -> {
            if (now.isBefore(until)) {
                list.add(new Revocation(kind, name, until));
            }
        }));
        list.sort(Comparator.comparing(Revocation::until)
                .thenComparing(Revocation::kind)
                .thenComparing(Revocation::name));
        return list;
    }

    /** Takes the place of an earlier one of the same name. */
    public void put(Revocation revocation) {
        Instant before = inForce.get(revocation.kind()).put(revocation.name(), revocation.until());
        if (!revocation.until().equals(before)) {
            listeners.forEach(Runnable::run);
        }
    }

    public void remove(Kind kind, String name) {
        inForce.get(kind).remove(name);
    }

    /** These and no others are known from now on. Meanwhile, none of them is ever missing. */
    public void replaceAll(Collection<Revocation> all) {
        boolean isNew = false;
        for (Kind kind : Kind.values()) {
            Map<String, Instant> loaded = new HashMap<>();
            all.stream().filter(each -> each.kind() == kind).forEach(each -> loaded.put(each.name(), each.until()));
            Map<String, Instant> known = inForce.get(kind);
            known.keySet().retainAll(loaded.keySet());
            for (Map.Entry<String, Instant> each : loaded.entrySet()) {
                isNew |= !each.getValue().equals(known.put(each.getKey(), each.getValue()));
            }
        }
        isKnown = true;
        if (isNew) {
            listeners.forEach(Runnable::run);
        }
    }

    /** Whether there is room for one more of that name. */
    boolean hasRoomFor(Revocation revocation) {
        return inForce.values().stream().mapToInt(Map::size).sum() < MAX
                || inForce.get(revocation.kind()).containsKey(revocation.name());
    }

    /** {@code revocations-full}. */
    public static ProblemException full() {
        return ProblemException.of(
                ProblemType.REVOCATIONS_FULL,
                "there are " + MAX
                        + " revocations, expected that some end or are lifted, or one by subject in place of many"
                        + " by token id");
    }
}
