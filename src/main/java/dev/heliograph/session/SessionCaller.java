package dev.heliograph.session;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Identity;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.wire.CloseReason;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The caller of one session. It may say who it is after the session began, and come with a newer token. When its token ends,
 * so does the session: it never goes on as one of nobody. Belongs to the session's loop.
 */
final class SessionCaller {
    private final Session session;
    private final Session.Client client;
    private final Clock clock;
    private final boolean isAsked;
    private Caller caller;
    private boolean isIdentifying;
    /** Null: what the caller has shown does not end. */
    private TokenTimer timer;

    SessionCaller(Session session, Session.Client client, Sessions sessions, Caller caller) {
        this.session = session;
        this.client = client;
        this.clock = sessions.clock();
        this.isAsked = sessions.asksCallers();
        take(caller);
    }

    Caller get() {
        return caller;
    }

    /** Whether this gateway asks its callers who they are. */
    boolean isAsked() {
        return isAsked;
    }

    /** Whether it has shown something, and it is not yet known who that is. */
    boolean isIdentifying() {
        return isIdentifying;
    }

    /** As {@link Session#authenticate}, but changes nothing. */
    Uni<Identity> authenticate(Uni<Identity> shown) {
        requireAsked();
        if (caller.identity().isPresent()) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "the connection has already said who it is, expected refresh with a newer token");
        }
        return onLoop(shown);
    }

    /** As {@link Session#refresh}, but changes nothing. */
    Uni<Identity> refresh(Uni<Identity> shown) {
        requireAsked();
        if (caller.identity().isEmpty()) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "the connection has not said who it is, expected authenticate before refresh");
        }
        return onLoop(shown);
    }

    private void requireAsked() {
        if (!isAsked) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "this gateway has no key and asks nobody who they are, expected neither authenticate nor refresh");
        }
    }

    private Uni<Identity> onLoop(Uni<Identity> shown) {
        return shown.emitOn(session.outlet().loop()::execute)
                .chain(this::decided)
                .emitOn(session.outlet()::onLoop)
                .onSubscription()
                .invoke(() -> isIdentifying = true)
                .onTermination()
                .invoke(() -> isIdentifying = false);
    }

    /** As {@link Session#decided}. */
    Uni<Identity> decided(Identity next) {
        Caller asking = caller.as(next);
        List<Uni<Boolean>> questions = new ArrayList<>();
        session.listening()
                .forEach((channel, actions) ->
                        actions.forEach(action -> questions.add(asking.mayOnceDecided(action, channel))));
        return questions.isEmpty()
                ? Uni.createFrom().item(next)
                : Uni.join().all(questions).andFailFast().replaceWith(next);
    }

    /** As {@link Session#renew}. */
    void renew(Identity next) {
        if (session.hasEnded()) {
            return;
        }
        become(next);
        session.listening().forEach(this::endUnlessGranted);
    }

    private void endUnlessGranted(Channel channel, Set<Action> actions) {
        try {
            actions.forEach(action -> caller.requireMay(action, channel));
        } catch (ProblemException refused) {
            if (session.hasEnded()) {
                return;
            }
            // First, so that a subscription that is still starting is not taken for one that failed.
            client.onUnsubscribed(channel, refused.problem());
            if (!session.hasEnded()) {
                session.unsubscribe(channel);
            }
        }
    }

    private void become(Identity next) {
        if (next.hasExpired(clock.instant())) {
            throw ProblemException.of(
                    ProblemType.TOKEN_EXPIRED, "the token ended at " + next.expires() + ", expected a newer one");
        }
        if (caller.identity().filter(present -> !present.isSameAs(next)).isPresent()) {
            throw ProblemException.of(
                    ProblemType.INVALID_TOKEN,
                    "the token is of another subject, expected a newer token of the one who opened this session");
        }
        end();
        take(caller.as(next));
    }

    private void take(Caller next) {
        caller = next;
        next.identity()
                .map(Identity::expires)
                .ifPresent(expires -> timer = new TokenTimer(
                        clock,
                        session.outlet().loop(),
                        expires,
                        client::onTokenExpiring,
                        () -> session.close(CloseReason.TOKEN_EXPIRED)));
    }

    /** Nothing is told any more. */
    void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
