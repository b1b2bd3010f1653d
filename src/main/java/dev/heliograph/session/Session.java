package dev.heliograph.session;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Identity;
import dev.heliograph.access.Revocations;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.hub.Filter;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Hub.Subscriber;
import dev.heliograph.hub.Kind;
import dev.heliograph.hub.Outlet;
import dev.heliograph.hub.Subscription;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.turn.Turnstile;
import dev.heliograph.wire.CloseReason;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One client's conversation: what it listens to, how much it may ask, how it ends. Belongs to its event loop. */
public final class Session implements Subscriber {
    private static final Set<Action> WITHOUT_DOCUMENT = EnumSet.of(Action.SUBSCRIBE);
    private static final Set<Action> WITH_DOCUMENT = EnumSet.of(Action.SUBSCRIBE, Action.READ);

    private final Hub hub;
    private final Catalogue catalogue;
    private final SessionConfig config;
    private final DocumentLog documents;
    private final Outlet outlet;
    private final Client client;
    private final SessionCaller caller;
    private final Requests requests;
    private final Map<Channel, Subscription> subscriptions = new HashMap<>(2);
    /** The requests for channels whose document comes first; emptied by whoever leaves before. */
    private final Map<Channel, Object> awaited = new HashMap<>(0);
    /** Null until the first document is asked for. */
    private Turnstile documentTurns;

    private Runnable whenEnded = () -> {};

    private boolean hasEnded;

    /** The client's end of the wire. Called on the event loop. */
    public interface Client {
        /** To be told why, and to be closed; called once at most. */
        void close(CloseReason reason);

        /** Has been sent all that the log held of a channel; called each time. Must not end the session. */
        default void onCaughtUp(Channel channel) {}

        /** To be told that its token ends soon. */
        default void onTokenExpiring(Instant expires) {}

        /** To be told that it does not listen to a channel any more, because its newer token does not grant it. */
        default void onUnsubscribed(Channel channel, Problem why) {}
    }

    Session(Sessions sessions, Caller caller, Outlet outlet, Client client) {
        this.hub = sessions.hub();
        this.catalogue = sessions.catalogue();
        this.config = sessions.config();
        this.documents = sessions.documents();
        this.outlet = outlet;
        this.client = client;
        this.caller = new SessionCaller(this, client, sessions, caller);
        this.requests = new Requests(config, sessions.refusals(), () -> close(CloseReason.RATE_EXCEEDED));
    }

    /**
     * Counts one more request; each call that returns normally is to be followed by one {@link #onAnswered}.
     *
     * @param bytes how long it is
     * @throws ProblemException {@code rate-exceeded} or {@code overloaded}; the request is not to be looked at
     */
    public void onRequest(int bytes) {
        requests.begin(bytes);
    }

    /**
     * Counts what is no request but costs about as much.
     *
     * @param bytes how long it is, 0 or more
     * @throws ProblemException {@code rate-exceeded}; it is not to be looked at
     */
    public void countFrame(int bytes) {
        requests.count(bytes);
    }

    public void onAnswered() {
        requests.end();
    }

    /**
     * Begins to listen to a channel.
     *
     * @param filter which of its events are sent
     * @param after the last position the client has; null: from now on
     * @return where it starts, as {@link Subscription#start}
     * @throws ProblemException {@code already-subscribed} or {@code too-many-channels}; {@code
     *     not-subscribed} if the session has ended, since nobody would end the subscription
     */
    public Uni<Position> subscribe(Channel channel, Filter filter, Position after) {
        if (hasEnded) {
            throw ProblemException.inField(
                    ProblemType.NOT_SUBSCRIBED, "channel", channel, "a connection that is still there");
        }
        requireRoomFor(channel);
        Subscription subscription = hub.subscription(channel, filter, this);
        subscriptions.put(channel, subscription);
        return subscription.start(after).onFailure().invoke(failure -> subscriptions.remove(channel, subscription));
    }

    /**
     * Begins to listen to a channel from where its document is valid, so that nothing of it is missed. Documents come one
     * after the other, and the next is read only when the client has taken most of what it was sent: each may be large. Those
     * that wait when the log fails are not read.
     *
     * @param filter which of its events are sent
     * @return the document, emitted on the loop before the sync is written; fails as {@link DocumentLog#snapshot} and
     *     {@link #subscribe}, or with {@code not-subscribed} if the channel is {@linkplain #unsubscribe left} before
     * @throws ProblemException {@code invalid-channel} for a firehose, which has no document; else as {@link #subscribe}
     */
    public Uni<Snapshot> subscribeWithDocument(Channel channel, Filter filter) {
        channel.requireDocumented();
        requireRoomFor(channel);
        var request = new Object();
        awaited.put(channel, request);
        if (documentTurns == null) {
            documentTurns = new Turnstile(outlet::whenWritable, ProblemException::isRetryable);
        }
        return documentTurns
                .take(documents
                        .snapshot(channel)
                        .emitOn(outlet.loop()::execute)
                        .chain(snapshot -> subscribe(channel, filter, snapshot, request)))
                .onFailure()
                .invoke(failure -> awaited.remove(channel, request));
    }

    private Uni<Snapshot> subscribe(Channel channel, Filter filter, Snapshot snapshot, Object request) {
        if (!awaited.remove(channel, request)) {
            throw ProblemException.inField(
                    ProblemType.NOT_SUBSCRIBED, "channel", channel, "a channel that is not left before it is joined");
        }
        return subscribe(channel, filter, snapshot.top()).replaceWith(snapshot);
    }

    private void requireRoomFor(Channel channel) {
        if (subscriptions.containsKey(channel) || awaited.containsKey(channel)) {
            throw ProblemException.inField(
                    ProblemType.ALREADY_SUBSCRIBED,
                    "channel",
                    channel,
                    "a channel that the connection does not have yet");
        }
        if (subscriptions.size() + awaited.size() >= config.maxChannels()) {
            throw ProblemException.inField(
                    ProblemType.TOO_MANY_CHANNELS,
                    "channel",
                    channel,
                    "at most " + config.maxChannels() + " channels on one connection");
        }
    }

    /** @throws ProblemException {@code not-subscribed} */
    public void unsubscribe(Channel channel) {
        if (awaited.remove(channel) != null) {
            return;
        }
        Subscription subscription = subscriptions.remove(channel);
        if (subscription == null) {
            throw ProblemException.inField(
                    ProblemType.NOT_SUBSCRIBED, "channel", channel, "a channel that the connection listens to");
        }
        subscription.end();
    }

    /** @throws ProblemException {@code publish-not-allowed} if the namespace takes no events from clients */
    public void requirePublish(Channel channel) {
        if (!catalogue.namespaceOf(channel).clientPublish()) {
            throw ProblemException.inField(
                    ProblemType.PUBLISH_NOT_ALLOWED,
                    "channel",
                    channel,
                    "a namespace with heliograph.namespaces.<name>.client-publish=true");
        }
    }

    /** Runs a step once, when the session has ended, after those that were given before; at once if it has ended already. */
    public void whenEnded(Runnable step) {
        if (hasEnded) {
            step.run();
            return;
        }
        Runnable before = whenEnded;
        whenEnded = () -> {
            before.run();
            step.run();
        };
    }

    /** The connection is gone or going: nothing is sent any more. Ending twice is ending once. */
    public void end() {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        // First, so that no answer to a subscription that was still starting follows the closing frame.
        outlet.close();
        List.copyOf(subscriptions.values()).forEach(Subscription::end);
        subscriptions.clear();
        caller.end();
        whenEnded.run();
        whenEnded = () -> {};
    }

    /** Ends the conversation and tells the client why. */
    public void close(CloseReason reason) {
        if (!hasEnded) {
            client.close(reason);
            end();
        }
    }

    /** Ends the conversation if the token or key of the client was revoked. */
    public void endIfRevoked(Revocations revocations) {
        if (caller().identity().filter(revocations::isRevoked).isPresent()) {
            close(CloseReason.TOKEN_REVOKED);
        }
    }

    public boolean hasEnded() {
        return hasEnded;
    }

    /** For whom it acts now. */
    public Caller caller() {
        return caller.get();
    }

    /** Whether it has not said who it is, although it is asked, and listens to nothing that is open to all. */
    public boolean isOfNobody() {
        return caller.isAsked() && caller().identity().isEmpty() && subscriptions.isEmpty() && awaited.isEmpty();
    }

    /** Whether it is being found out who the client is. */
    public boolean isIdentifying() {
        return caller.isIdentifying();
    }

    /**
     * Says who the client is.
     *
     * @param shown who that is by what it has shown
     * @return emits on the loop; fails as {@code shown}, and nothing changes
     * @throws ProblemException {@code invalid-request} if it has already said so, or this gateway asks nobody
     */
    public Uni<Identity> authenticate(Uni<Identity> shown) {
        return caller.authenticate(shown).invoke(this::renew);
    }

    /**
     * Puts a newer token in the place of the client's own, as {@link #renew}.
     *
     * @return emits on the loop; fails as {@code shown}, and as {@link #renew}
     * @throws ProblemException {@code invalid-request} if it has none, or this gateway asks nobody
     */
    public Uni<Identity> refresh(Uni<Identity> shown) {
        return caller.refresh(shown).invoke(this::renew);
    }

    /**
     * Has the application decide about all that the client listens to, so that {@link #renew} need not ask. On the loop.
     *
     * @return the identity, on any thread; fails with {@code policy-unavailable}
     */
    public Uni<Identity> decided(Identity next) {
        return caller.decided(next);
    }

    /**
     * Acts for this identity from now on. Subscriptions that it is not granted end, and the client is told of each.
     *
     * @throws ProblemException {@code invalid-token} if it is somebody else, {@code token-expired}; nothing changes then
     */
    public void renew(Identity next) {
        caller.renew(next);
    }

    /** What it listens to, or will once the document has been read, and the actions that this takes. */
    Map<Channel, Set<Action>> listening() {
        var listening = new HashMap<Channel, Set<Action>>();
        awaited.keySet().forEach(channel -> listening.put(channel, WITH_DOCUMENT));
        subscriptions.forEach((channel, subscription) -> listening.put(
                channel, subscription.filter().kinds().contains(Kind.DOCUMENTS) ? WITH_DOCUMENT : WITHOUT_DOCUMENT));
        return listening;
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    /**
     * Up to where the client was sent everything of a channel; null before its subscription has started, or if there is
     * none.
     */
    public Position servedUpTo(Channel channel) {
        Subscription subscription = subscriptions.get(channel);
        return subscription == null ? null : subscription.servedUpTo();
    }

    @Override
    public void onCaughtUp(Channel channel) {
        client.onCaughtUp(channel);
    }

    @Override
    public void onFailed(Channel channel) {
        close(CloseReason.INTERNAL);
    }

    @Override
    public void onTooSlow(Channel channel) {
        close(CloseReason.TOO_SLOW);
    }
}
