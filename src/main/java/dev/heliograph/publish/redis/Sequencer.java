package dev.heliograph.publish.redis;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.redis.RedisEventLog.FencedException;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.EventReader;
import dev.heliograph.publish.Publisher;
import dev.heliograph.turn.Turnstile;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Appends the messages of one namespace one after another, in the order in which they came. A bounded number
 * of them, and of their bytes, waits, also while the log tries one again; what comes beyond that, and what the log did not
 * take, becomes a dead letter. Confined to one context.
 */
final class Sequencer {
    /** Room for the type, and for spaces between members. */
    private static final int MAX_BYTES_BESIDE_DATA = 1024;

    private final Context context;
    /** Redis has asked already whether it may. */
    private final Caller trusted;

    private final EventReader reader;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final int maxMessageBytes;
    private final int maxWaiting;
    private final long maxWaitingBytes;
    private final Turnstile turnstile = new Turnstile(this::whenAllowed, failure -> false);
    private long waitingBytes;
    private boolean isHeldBack;
    /** The turn that may not begin yet; null: none. */
    private Runnable heldTurn;
    /** What was not appended when this stopped; null until then. */
    private List<Message> left;

    record Message(String channel, byte[] payload) {}

    Sequencer(
            Context context,
            Caller trusted,
            EventReader reader,
            Publisher publisher,
            DeadLetters deadLetters,
            Namespace namespace,
            RawIngestConfig config) {
        this.context = context;
        this.trusted = trusted;
        this.reader = reader;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.maxMessageBytes = namespace.maxEventBytes() + MAX_BYTES_BESIDE_DATA;
        this.maxWaiting = config.maxWaiting();
        this.maxWaitingBytes = config.maxWaitingBytes().asLongValue();
    }

    void offer(String channel, byte[] payload) {
        if (payload.length > maxMessageBytes) {
            deadLetters.add(
                    channel,
                    payload,
                    Problem.of(
                            ProblemType.EVENT_TOO_LARGE,
                            "the message has " + payload.length + " bytes, expected at most " + maxMessageBytes));
            return;
        }
        int waiting = turnstile.waiting();
        if (waiting >= maxWaiting || waitingBytes + payload.length > maxWaitingBytes) {
            deadLetters.add(
                    channel,
                    payload,
                    Problem.of(
                            ProblemType.OVERLOADED, waiting + " messages of " + waitingBytes + " bytes wait already"));
            return;
        }
        var message = new Message(channel, payload);
        waitingBytes += payload.length;
        turnstile.take(append(message)).subscribe().with(accepted -> {}, failure -> refuse(message, failure));
    }

    /** Keeps what comes, and appends nothing more until {@link #letAppend}. */
    void holdBack() {
        isHeldBack = true;
    }

    void letAppend() {
        isHeldBack = false;
        Runnable turn = heldTurn;
        heldTurn = null;
        if (turn != null) {
            turn.run();
        }
    }

    /** Ends it for good: what is not appended is returned, and of the first it is not known if its append is under way. */
    List<Message> stop() {
        isHeldBack = true;
        left = new ArrayList<>();
        turnstile.fail(new CancellationException("this node stops"));
        return left;
    }

    /** Completes when all that was offered until then has been appended or refused. To be subscribed on the context. */
    Uni<Void> idle() {
        Uni<Void> nothing = Uni.createFrom().voidItem();
        return Uni.createFrom()
                .deferred(() -> isHeldBack && turnstile.waiting() == 0 ? nothing : turnstile.take(nothing));
    }

    private void whenAllowed(Runnable turn) {
        if (isHeldBack) {
            heldTurn = turn;
        } else {
            turn.run();
        }
    }

    private Uni<Accepted> append(Message message) {
        return Uni.createFrom()
                .deferred(() -> {
                    waitingBytes -= message.payload.length;
                    return publisher.publish(reader.readRaw(trusted, message.channel, message.payload));
                })
                .emitOn(task -> context.runOnContext(unused -> task.run()));
    }

    private void refuse(Message message, Throwable failure) {
        if (left != null) {
            left.add(message);
        } else if (failure instanceof ProblemException refused) {
            deadLetters.add(message.channel, message.payload, refused.problem());
        } else if (failure instanceof FencedException) {
            deadLetters.addFenced(message.channel, message.payload);
        } else {
            Log.errorf(failure, "A message could not be appended [%s]", message.channel);
            deadLetters.add(
                    message.channel, message.payload, Problem.of(ProblemType.INTERNAL, "see the log of the gateway"));
        }
    }
}
