package dev.heliograph.session;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Identity;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.wire.CloseReason;
import io.smallrye.mutiny.Uni;
import java.time.Clock;

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
                .chain(session::decided)
                .emitOn(session.outlet()::onLoop)
                .onSubscription()
                .invoke(() -> isIdentifying = true)
                .onTermination()
                .invoke(() -> isIdentifying = false);
    }

    /** @throws ProblemException as {@link Session#renew} */
    void become(Identity next) {
        if (session.hasEnded()) {
            return;
        }
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
