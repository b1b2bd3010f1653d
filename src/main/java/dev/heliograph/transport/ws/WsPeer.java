package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.PublishLimits;
import dev.heliograph.hub.Filter;
import dev.heliograph.hub.Kind;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.PublishAnswer;
import dev.heliograph.publish.Publisher;
import dev.heliograph.publish.Publisher.Draft;
import dev.heliograph.session.Session;
import dev.heliograph.transport.socket.SocketPeer;
import dev.heliograph.turn.Turnstile;

/**
 * Answers the requests of one client. Belongs to the connection's event loop; answers that come on other threads are brought
 * there.
 */
final class WsPeer implements WsRequest.Handler {
    private final SocketPeer socket;
    private final Session session;
    private final WsRequestReader reader;
    private final Publisher publisher;
    private final PublishLimits limits;
    /**
     * One event after another: with two under way at once, a retry could append the first after the second. When the log fails,
     * those that wait fail as well, because each would be tried for as long again, and must not overtake what its client
     * repeats. The session's limit of requests under way bounds them.
     */
    private final Turnstile publishing = new Turnstile(Runnable::run, ProblemException::isRetryable);

    WsPeer(SocketPeer socket, WsRequestReader reader, Publisher publisher, PublishLimits limits) {
        this.limits = limits;
        this.socket = socket;
        this.session = socket.session();
        this.reader = reader;
        this.publisher = publisher;
    }

    SocketPeer socket() {
        return socket;
    }

    void onText(String text) {
        socket.heard();
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
            reader.read(session.caller(), envelope).callOn(this, id);
        } catch (RuntimeException failure) {
            if (isCounted) {
                refuse(id, failure);
            } else {
                socket.send(ProblemMapper.toProblem(failure));
            }
        }
    }

    void onBinary() {
        socket.heard();
        if (socket.countFrame()) {
            socket.send(Problem.of(ProblemType.BINARY_FRAME, "Send requests as JSON in text frames"));
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
        var filter = new Filter(request.types(), request.kinds());
        if (!request.kinds().contains(Kind.DOCUMENTS) || request.after() != null) {
            session.subscribe(request.channel(), filter, request.after())
                    .subscribe()
                    .with(
                            start -> answer(WsAnswers.subscribed(id, request.channel(), start)),
                            failure -> refuse(id, failure));
            return;
        }
        session.subscribeWithDocument(request.channel(), filter)
                .subscribe()
                .with(
                        snapshot -> answer(WsAnswers.subscribed(id, request.channel(), snapshot)),
                        failure -> refuse(id, failure));
    }

    @Override
    public void publish(String id, WsRequest.Publish request) {
        Draft draft = request.draft();
        session.requirePublish(draft.channel());
        limits.require(session.caller(), draft.channel());
        publishing
                .take(publisher.publish(draft).emitOn(session.outlet().loop()))
                .subscribe()
                .with(
                        accepted ->
                                answer(WsAnswers.published(id, PublishAnswer.Published.of(draft.channel(), accepted))),
                        failure -> refuse(id, failure));
    }

    private void answer(byte[] frame) {
        session.onAnswered();
        // docs/decisions.md: Answers and pushes share one way out
        socket.send(frame);
    }

    private void refuse(String id, Throwable failure) {
        answer(WsAnswers.error(id, ProblemMapper.toProblem(failure)));
    }
}
