package dev.heliograph.transport.poll;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Revocations;
import dev.heliograph.event.Channel;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Session;
import dev.heliograph.session.Sessions;
import dev.heliograph.wire.CloseReason;
import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The client behind one poll, from its subscriptions to its one answer. Belongs to the connection's event loop.
 *
 * <p>It is answered when there is something to tell, when its time is up, or, if it does not want to wait, when all its
 * channels have been read to their ends; and it fails if there is nothing to tell of because the log has not yet said where
 * a channel stands. Never at once, but in a turn of its own: whoever has just written to the outlet is
 * still at work on the subscription, and knows its position only after that.
 */
final class PollPeer {
    /** What is done with the poll, once; on its loop. */
    interface Outcome {
        /**
         * @param at up to where the client was told everything
         * @param told what it is told
         */
        void answer(PollPeer peer, CursorVector at, PollOutlet told);

        void fail(PollPeer peer, Throwable failure);
    }

    private final PollRequest request;
    private final EventLoop loop;
    private final Outcome outcome;
    private final PollOutlet outlet;
    private final Session session;
    private final Set<Channel> toCatchUp;
    private boolean mayWait;
    private boolean isDue;
    private boolean isDone;
    private Future<?> timer;

    PollPeer(Sessions sessions, Caller caller, PollRequest request, EventLoop loop, Outcome outcome) {
        this.request = request;
        this.loop = loop;
        this.outcome = outcome;
        this.outlet = new PollOutlet(loop, this::becomeDue);
        this.toCatchUp = new HashSet<>(request.selection().channels());
        this.mayWait = request.mayWait();
        this.session = sessions.open(caller, outlet, new Client());
    }

    PollRequest request() {
        return request;
    }

    EventLoop loop() {
        return loop;
    }

    /** As {@link Session#whenEnded}. */
    void whenEnded(Runnable step) {
        session.whenEnded(step);
    }

    /** @param patienceMillis after which it is answered with what there is */
    void start(long patienceMillis) {
        timer = loop.schedule(this::becomeDue, patienceMillis, TimeUnit.MILLISECONDS);
        List<Channel> channels = request.selection().channels();
        for (int i = 0; i < channels.size() && !isDone; i++) {
            Channel channel = channels.get(i);
            Position after = request.cursor().at(i);
            Uni.createFrom()
                    .deferred(
                            () -> session.subscribe(channel, request.selection().filter(), after))
                    .subscribe()
                    .with(position -> {}, this::fail);
        }
    }

    /** As {@link Session#endIfRevoked}. */
    void endIfRevoked(Revocations revocations) {
        session.endIfRevoked(revocations);
    }

    private final class Client implements Session.Client {
        @Override
        public void close(CloseReason reason) {
            if (reason == CloseReason.TOKEN_REVOKED) {
                fail(ProblemException.of(
                        ProblemType.TOKEN_REVOKED, "the token or API key was revoked while the poll waited"));
            } else if (reason != CloseReason.TOKEN_EXPIRED) {
                fail(ProblemException.of(ProblemType.INTERNAL, reason.text()));
            } else if (outlet.isEmpty()) {
                fail(ProblemException.of(
                        ProblemType.TOKEN_EXPIRED, "the token ended while the poll waited, expected a newer one"));
            } else {
                answer();
            }
        }

        @Override
        public void onCaughtUp(Channel channel) {
            toCatchUp.remove(channel);
            answerUnlessItWaits();
        }
    }

    /** From now on it does not want to wait; before or after its start. */
    void hurry() {
        mayWait = false;
        answerUnlessItWaits();
    }

    private void answerUnlessItWaits() {
        if (toCatchUp.isEmpty() && !mayWait) {
            becomeDue();
        }
    }

    private void becomeDue() {
        if (!isDue) {
            isDue = true;
            loop.execute(this::answer);
        }
    }

    private void answer() {
        if (isDone) {
            return;
        }
        if (outlet.isEmpty() && !hasStarted()) {
            fail(LogTimeout.ofLog());
            return;
        }
        CursorVector at = servedUpTo();
        end();
        outcome.answer(this, at, outlet);
    }

    private void fail(Throwable failure) {
        if (!isDone) {
            end();
            outcome.fail(this, failure);
        }
    }

    /** Nobody is there any more to be answered. */
    void abandon() {
        if (!isDone) {
            end();
        }
    }

    private void end() {
        isDone = true;
        timer.cancel(false);
        session.end();
    }

    private boolean hasStarted() {
        return request.selection().channels().stream().allMatch(channel -> session.servedUpTo(channel) != null);
    }

    private CursorVector servedUpTo() {
        List<Channel> channels = request.selection().channels();
        CursorVector at = CursorVector.fromNow(channels.size());
        for (int i = 0; i < channels.size(); i++) {
            Position position = session.servedUpTo(channels.get(i));
            at.set(i, position == null ? request.cursor().at(i) : position);
        }
        return at;
    }
}
