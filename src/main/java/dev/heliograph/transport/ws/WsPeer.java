package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Identities;
import dev.heliograph.access.Identity;
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
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
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
    private final PublishLimits limits;
    private final Identities identities;
    /**
     * While it is found out who the client is, or whether it may do what it asks for: what it has sent behind that. It is to be
     * read as of that client, and in order.
     */
    private final Queue<byte[]> held = new ArrayDeque<>(0);

    private boolean isHolding;
    private boolean isReadingHeld;
    /**
     * One event after another: with two under way at once, a retry could append the first after the second. When the log fails,
     * those that wait fail as well, because each would be tried for as long again, and must not overtake what its client
     * repeats. The session's limit of requests under way bounds them.
     */
    private final Turnstile publishing = new Turnstile(Runnable::run, ProblemException::isRetryable);

    WsPeer(
            SocketPeer socket,
            WsRequestReader reader,
            Publisher publisher,
            Identities identities,
            PublishLimits limits) {
        this.socket = socket;
        this.session = socket.session();
        this.reader = reader;
        this.publisher = publisher;
        this.identities = identities;
        this.limits = limits;
    }

    SocketPeer socket() {
        return socket;
    }

    void onText(String text) {
        socket.heard();
        if (session.hasEnded()) {
            return;
        }
        byte[] json = text.getBytes(UTF_8);
        try {
            session.onRequest(json.length);
        } catch (ProblemException tooMany) {
            socket.send(tooMany.problem());
            return;
        }
        if (isHolding) {
            held.add(json);
        } else {
            read(json);
        }
    }

    private void read(byte[] json) {
        String id = null;
        try {
            WsEnvelope envelope = WsEnvelope.read(json);
            id = envelope.id();
            read(envelope);
        } catch (RuntimeException failure) {
            refuse(id, failure);
        }
    }

    private void read(WsEnvelope envelope) {
        Caller caller = session.caller();
        hold(
                caller.decide(() -> reader.read(caller, envelope)),
                envelope.id(),
                request -> request.callOn(this, envelope.id()));
    }

    /** Reads nothing more until this has come, which is at once as a rule. */
    private <T> void hold(Uni<T> awaited, String id, Consumer<T> then) {
        isHolding = true;
        awaited.emitOn(session.outlet()::onLoop)
                .subscribe()
                .with(
                        come -> {
                            isHolding = false;
                            try {
                                // Otherwise it would act for somebody whose token has ended meanwhile.
                                if (!session.hasEnded()) {
                                    then.accept(come);
                                }
                            } catch (RuntimeException failure) {
                                refuse(id, failure);
                            }
                            readHeld();
                        },
                        failure -> {
                            isHolding = false;
                            refuse(id, failure);
                            readHeld();
                        });
        if (isHolding) {
            socket.readNothing();
        }
    }

    private void readHeld() {
        if (isReadingHeld || isHolding) {
            return;
        }
        isReadingHeld = true;
        while (!isHolding && !held.isEmpty()) {
            byte[] json = held.poll();
            if (!session.hasEnded()) {
                read(json);
            }
        }
        isReadingHeld = false;
        if (!isHolding && socket.isDeaf()) {
            socket.readOn();
        }
    }

    void onBinary(int bytes) {
        socket.heard();
        if (socket.countFrame(bytes)) {
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

    @Override
    public void authenticate(String id, WsRequest.Authenticate request) {
        identify(
                session.authenticate(identities.of(request.token()).invoke(socket.place()::becomes)),
                id,
                identity -> WsAnswers.authenticated(id, identity));
    }

    @Override
    public void refresh(String id, WsRequest.Refresh request) {
        identify(session.refresh(identities.of(request.token())), id, identity -> WsAnswers.refreshed(id, identity));
    }

    private void identify(Uni<Identity> shown, String id, Function<Identity, byte[]> answer) {
        // docs/decisions.md: Requests behind `authenticate` wait until it is answered
        hold(shown, id, identity -> answer(answer.apply(identity)));
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
