package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.Identities;
import dev.heliograph.access.Identity;
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
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;

/**
 * Answers the requests of one client. Belongs to the connection's event loop; answers that come on other threads are brought
 * there.
 */
final class WsPeer implements WsRequest.Handler {
    private final SocketPeer socket;
    private final Session session;
    private final WsRequestReader reader;
    private final Publisher publisher;
    private final Identities identities;
    /** While it is found out who the client is: what it has sent behind that, because it is to be read as of that client. */
    private final Queue<String> held = new ArrayDeque<>(0);

    private boolean isIdentifying;
    /**
     * One event after another: with two under way at once, a retry could append the first after the second. When the log fails,
     * those that wait fail as well, because each would be tried for as long again, and must not overtake what its client
     * repeats. The session's limit of requests under way bounds them.
     */
    private final Turnstile publishing = new Turnstile(Runnable::run, ProblemException::isRetryable);

    WsPeer(SocketPeer socket, WsRequestReader reader, Publisher publisher, Identities identities) {
        this.socket = socket;
        this.session = socket.session();
        this.reader = reader;
        this.publisher = publisher;
        this.identities = identities;
    }

    SocketPeer socket() {
        return socket;
    }

    void onText(String text) {
        socket.heard();
        if (session.hasEnded()) {
            return;
        }
        try {
            session.onRequest();
        } catch (ProblemException tooMany) {
            socket.send(tooMany.problem());
            return;
        }
        if (isIdentifying) {
            held.add(text);
        } else {
            read(text);
        }
    }

    private void read(String text) {
        String id = null;
        try {
            WsEnvelope envelope = WsEnvelope.read(text.getBytes(UTF_8));
            id = envelope.id();
            reader.read(session.caller(), envelope).callOn(this, id);
        } catch (RuntimeException failure) {
            refuse(id, failure);
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
        publishing
                .take(publisher.publish(draft).emitOn(session.outlet().loop()))
                .subscribe()
                .with(
                        accepted ->
                                answer(WsAnswers.published(id, PublishAnswer.Published.of(draft.channel(), accepted))),
                        failure -> refuse(id, failure));
    }

    @Override
    public void authenticate(String id, WsRequest.Authenticate request) {
        identify(
                session.authenticate(identities.of(request.token())),
                id,
                identity -> WsAnswers.authenticated(id, identity));
    }

    @Override
    public void refresh(String id, WsRequest.Refresh request) {
        identify(session.refresh(identities.of(request.token())), id, identity -> WsAnswers.refreshed(id, identity));
    }

    private void identify(Uni<Identity> shown, String id, Function<Identity, byte[]> answer) {
        // docs/decisions.md: Requests behind `authenticate` wait until it is answered
        isIdentifying = true;
        socket.readNothing();
        shown.subscribe()
                .with(
                        identity -> {
                            answer(answer.apply(identity));
                            readHeld();
                        },
                        failure -> {
                            refuse(id, failure);
                            readHeld();
                        });
    }

    private void readHeld() {
        isIdentifying = false;
        socket.readOn();
        while (!isIdentifying && !held.isEmpty()) {
            String text = held.poll();
            if (!session.hasEnded()) {
                read(text);
            }
        }
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
