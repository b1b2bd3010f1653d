package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.publish.redis.HandoverNote.Kind;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Moves namespaces from a node that stops to one that goes on, so that each raw message has one reader.
 *
 * <pre>
 * leaving node                        another node
 *  LEAVING ------------------------->  subscribes, drops what it hears
 *          <------------------- READY  once Redis has confirmed
 *  CUT ----------------------------->  from here on keeps what it hears, and appends nothing
 *  hears its own CUT, stops to hear
 *  appends what it heard before it
 *  gives the leases to the heir
 *  YOURS --------------------------->  appends what it kept, and goes on
 * </pre>
 *
 * Redis sends each connection what is published in one order, so the CUT parts the messages at the same place for both. An
 * heir that never gets a lease gives up: what it kept is fenced. Confined to one context.
 */
final class Handover {
    /** The node whose side this is. */
    interface Node {
        /** Subscribes to what is {@linkplain #wanted wanted} now; the argument is called once Redis has confirmed that. */
        void listen(Runnable whenConfirmed);

        /** Keeps what comes, until {@link #letAppend}. */
        void holdBack(String namespace);

        void letAppend(String namespace);

        /** Looks at the leases now. */
        void takeLeases();

        /** Whether this node appends for all of these, as its configuration says. */
        boolean knows(Set<String> namespaces);
    }

    private final Executor context;
    private final RedisLink link;
    private final String channel;
    private final String token;
    private final long giveUpNanos;
    private final Node node;

    /** Namespaces that this node hears and drops, and those that it keeps: since when, in nanoseconds. */
    private final Map<String, Long> candidate = new HashMap<>();

    private final Map<String, Long> inherited = new HashMap<>();

    /** Of a node that leaves: the first one that can hear in its place, and the moment from which that one does. */
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private final CompletableFuture<Void> cut = new CompletableFuture<>();
    private boolean isLeaving;
    private boolean isDeaf;

    /** @param longest that a node that leaves may take */
    Handover(Executor context, RedisLink link, String channel, String token, Duration longest, Node node) {
        this.context = context;
        this.link = link;
        this.channel = channel;
        this.token = token;
        this.giveUpNanos = longest.toNanos();
        this.node = node;
    }

    /** Where the notes come. */
    String channel() {
        return channel;
    }

    /** The namespaces to be heard beside those that this node holds. */
    Set<String> wanted() {
        var wanted = new HashSet<>(candidate.keySet());
        wanted.addAll(inherited.keySet());
        return wanted;
    }

    /** The namespaces of which this node keeps what it hears, as it is the heir. */
    Set<String> inherited() {
        return Set.copyOf(inherited.keySet());
    }

    /** Whether what is heard of a namespace is this node's to append. */
    boolean isOurs(String namespace) {
        return !isDeaf && !candidate.containsKey(namespace);
    }

    /** The lease is this node's. */
    void won(String namespace) {
        candidate.remove(namespace);
        if (inherited.remove(namespace) != null) {
            node.letAppend(namespace);
        }
    }

    /** To be called now and then: ends what the other node did not. */
    void giveUpLate(long nowNanos) {
        boolean isChanged = candidate.values().removeIf(since -> nowNanos - since > giveUpNanos);
        for (var each : Map.copyOf(inherited).entrySet()) {
            if (nowNanos - each.getValue() > giveUpNanos) {
                inherited.remove(each.getKey());
                node.letAppend(each.getKey());
                isChanged = true;
            }
        }
        if (isChanged) {
            node.listen(() -> {});
        }
    }

    /**
     * Has another node hear these namespaces from one moment on, up to which this node has heard everything. From now on this
     * node is nobody's heir.
     *
     * @param patience for all of it
     * @return never fails; emits on the context the heir's token; empty if there is none, and then this node hears still
     */
    Uni<Optional<String>> leave(Set<String> namespaces, Duration patience) {
        isLeaving = true;
        candidate.clear();
        if (namespaces.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return say(Kind.LEAVING, HandoverNote.NOBODY, namespaces)
                // One is this node itself.
                .chain(hearers -> hearers > 1
                        ? within(patience.dividedBy(2), ready)
                        : Uni.createFrom().nullItem())
                .onFailure()
                .recoverWithNull()
                .chain(heir -> heir == null
                        ? Uni.createFrom().item(Optional.<String>empty())
                        : say(Kind.CUT, heir, namespaces)
                                .chain(() -> within(patience.dividedBy(3), cut))
                                .replaceWith(Optional.of(heir)))
                // Redis has not taken the CUT, as far as is known: better twice than not at all.
                .onFailure()
                .recoverWithItem(Optional.empty())
                .ifNoItem()
                .after(patience)
                .recoverWithItem(Optional.empty())
                .emitOn(context)
                .invoke(heir -> {
                    // With an heir it becomes deaf where it hears its own CUT, and not before.
                    if (heir.isEmpty()) {
                        isDeaf = false;
                    }
                });
    }

    /** Tells the heir that the leases are its own. */
    Uni<Void> yours(String heir, Set<String> namespaces) {
        return say(Kind.YOURS, heir, namespaces).replaceWithVoid();
    }

    void hear(byte[] text) {
        HandoverNote.read(text).ifPresent(note -> {
            switch (note.kind()) {
                case LEAVING -> onLeaving(note);
                case READY -> {
                    if (note.to().equals(token)) {
                        ready.complete(note.from());
                    }
                }
                case CUT -> onCut(note);
                case YOURS -> {
                    if (note.to().equals(token)) {
                        node.takeLeases();
                    }
                }
            }
        });
    }

    /** Null if it does not come. */
    private static <T> Uni<T> within(Duration patience, CompletableFuture<T> awaited) {
        return Uni.createFrom()
                .completionStage(awaited)
                .ifNoItem()
                .after(patience)
                .recoverWithItem((T) null);
    }

    private void onLeaving(HandoverNote note) {
        // Nodes may be configured differently while they are replaced one after another.
        if (isLeaving || note.from().equals(token) || !node.knows(note.namespaces())) {
            return;
        }
        long now = System.nanoTime();
        note.namespaces().forEach(namespace -> candidate.putIfAbsent(namespace, now));
        node.listen(() -> say(Kind.READY, note.from(), note.namespaces())
                .subscribe()
                .with(said -> {}, failure -> Log.debugf("No heir: %s", failure.getMessage())));
    }

    private void onCut(HandoverNote note) {
        if (note.from().equals(token)) {
            isDeaf = true;
            cut.complete(null);
            return;
        }
        for (String namespace : note.namespaces()) {
            Long since = candidate.remove(namespace);
            if (since != null && note.to().equals(token)) {
                node.holdBack(namespace);
                inherited.put(namespace, System.nanoTime());
            }
        }
        node.listen(() -> {});
    }

    private Uni<Integer> say(Kind kind, String to, Set<String> namespaces) {
        return link.send(Command.PUBLISH, channel, new HandoverNote(kind, token, to, namespaces).text())
                .map(hearers -> hearers.toInteger());
    }
}
