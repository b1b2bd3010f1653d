package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.hub.Filter;
import dev.heliograph.hub.FrameOutlet;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Draft;
import dev.heliograph.publish.PublishAnswer;
import dev.heliograph.publish.Publisher;
import dev.heliograph.session.Session;
import dev.heliograph.turn.Turnstile;

/**
 * The client at the other end of one WebSocket: answers its requests, and knows when it was last heard. Belongs to the
 * connection's event loop; answers that come on other threads are brought there.
 */
final class WsPeer implements WsRequest.Handler {
    private final Session session;
    private final FrameOutlet outlet;
    private final WsRequestReader reader;
    private final Publisher publisher;
    /**
     * One event after another: with two under way at once, a retry could append the first after the second. When the log fails,
     * those that wait fail as well, because each would be tried for as long again, and must not overtake what its client
     * repeats. The session's limit of requests under way bounds them.
     */
    private final Turnstile publishing = new Turnstile(Runnable::run, ProblemException::isRetryable);

    private long heardAtNanos = System.nanoTime();
    private long pingedAtNanos = heardAtNanos;

    WsPeer(Session session, FrameOutlet outlet, WsRequestReader reader, Publisher publisher) {
        this.session = session;
        this.outlet = outlet;
        this.reader = reader;
        this.publisher = publisher;
    }

    Session session() {
        return session;
    }

    void onText(String text) {
        heard();
        if (session.hasEnded()) {
            return;
        }
        String id = null;
        boolean isCounted = false;
        try {
            session.onRequest();
            isCounted = true;
            WsEnvelope envelope = WsEnvelope.read(text.getBytes(UTF_8));
            id = envelope.id();
            reader.read(envelope).callOn(this, id);
        } catch (RuntimeException failure) {
            if (isCounted) {
                refuse(id, failure);
            } else {
                outlet.send(WsAnswers.error(null, ProblemMapper.toProblem(failure)));
            }
        }
    }

    void onBinary() {
        heard();
        if (countFrame()) {
            outlet.send(WsAnswers.error(
                    null, Problem.of(ProblemType.BINARY_FRAME, "Send requests as JSON in text frames")));
        }
    }

    /** Counts a frame that is no request; false, after the client was told so, if it is one too many. */
    boolean countFrame() {
        if (session.hasEnded()) {
            return false;
        }
        try {
            session.countFrame();
            return true;
        } catch (ProblemException tooMany) {
            outlet.send(WsAnswers.error(null, tooMany.problem()));
            return false;
        }
    }

    @Override
    public void unsubscribe(String id, WsRequest.Unsubscribe request) {
        session.unsubscribe(request.channel());
        answer(WsAnswers.unsubscribed(id, request.channel()));
    }

    @Override
    public void ping(String id) {
        answer(WsAnswers.pong(id));
    }

    @Override
    public void subscribe(String id, WsRequest.Subscribe request) {
        if (!request.document() || request.after() != null) {
            session.subscribe(request.channel(), new Filter(request.types(), request.document()), request.after())
                    .subscribe()
                    .with(
                            start -> answer(WsAnswers.subscribed(id, request.channel(), start)),
                            failure -> refuse(id, failure));
            return;
        }
        session.subscribeWithDocument(request.channel(), request.types())
                .subscribe()
                .with(
                        snapshot -> answer(WsAnswers.subscribed(id, request.channel(), snapshot)),
                        failure -> refuse(id, failure));
    }

    @Override
    public void publish(String id, WsRequest.Publish request) {
        Draft draft = request.draft();
        session.requirePublish(draft.channel());
        publishing
                .take(publisher.publish(draft).emitOn(outlet.loop()))
                .subscribe()
                .with(
                        accepted ->
                                answer(WsAnswers.published(id, PublishAnswer.Published.of(draft.channel(), accepted))),
                        failure -> refuse(id, failure));
    }

    private void answer(byte[] frame) {
        session.onAnswered();
        // docs/decisions.md: Answers and pushes share one way out
        outlet.send(frame);
    }

    private void refuse(String id, Throwable failure) {
        answer(WsAnswers.error(id, ProblemMapper.toProblem(failure)));
    }

    void heard() {
        heardAtNanos = System.nanoTime();
    }

    /** Whether it was silent for that long, and no ping is unanswered: another would put off its end. */
    boolean isDueForPing(long nowNanos, long intervalNanos) {
        return heardAtNanos - pingedAtNanos >= 0 && nowNanos - heardAtNanos >= intervalNanos;
    }

    void ping(long nowNanos) {
        pingedAtNanos = nowNanos;
        outlet.send(WsFrames.PING);
    }

    /** Whether it was pinged that long ago and nothing was heard of it since. */
    boolean isDead(long nowNanos, long timeoutNanos) {
        return pingedAtNanos - heardAtNanos > 0 && nowNanos - pingedAtNanos >= timeoutNanos;
    }
}
