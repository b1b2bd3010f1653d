package dev.heliograph.publish.redis;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.redis.FencedException;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.EventReader;
import dev.heliograph.publish.Publisher;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Appends the messages of one namespace one after another, in the order in which they came. A bounded number
 * of them, and of their bytes, waits, also while the log tries one again; what comes beyond that, and what the log did not
 * take, becomes a dead letter. Confined to one context.
 */
final class Sequencer {
    /** Room for the type, and for spaces between members. */
    private static final int MAX_BYTES_BESIDE_DATA = 1024;

    /** Redis has asked already whether it may. */
    private static final Caller TRUSTED = (action, channel) -> {};

    private final Context context;
    private final EventReader reader;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final int maxMessageBytes;
    private final int maxWaiting;
    private final long maxWaitingBytes;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final List<UniEmitter<? super Void>> awaitingIdle = new ArrayList<>();
    private long waitingBytes;
    private boolean busy;
    private boolean isHeldBack;
    /** Being appended; null: none. */
    private Message underWay;

    record Message(String channel, byte[] payload) {}

    Sequencer(
            Context context,
            EventReader reader,
            Publisher publisher,
            DeadLetters deadLetters,
            Namespace namespace,
            RawIngestConfig config) {
        this.context = context;
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
        if (waiting.size() >= maxWaiting || waitingBytes + payload.length > maxWaitingBytes) {
            deadLetters.add(
                    channel,
                    payload,
                    Problem.of(
                            ProblemType.OVERLOADED,
                            waiting.size() + " messages of " + waitingBytes + " bytes wait already"));
            return;
        }
        waiting.add(new Message(channel, payload));
        waitingBytes += payload.length;
        if (!busy && !isHeldBack) {
            next();
        }
    }

    /** Keeps what comes, and appends nothing more until {@link #letAppend}. */
    void holdBack() {
        isHeldBack = true;
    }

    void letAppend() {
        isHeldBack = false;
        if (!busy) {
            next();
        }
    }

    /** Ends it for good: what is not appended is returned, and of the first it is not known if its append is under way. */
    List<Message> stop() {
        List<Message> left = new ArrayList<>();
        if (underWay != null) {
            left.add(underWay);
        }
        left.addAll(waiting);
        waiting.clear();
        underWay = null;
        isHeldBack = true;
        return left;
    }

    /** Completes when nothing waits any more. To be subscribed on the context. */
    Uni<Void> idle() {
        return Uni.createFrom().emitter(emitter -> {
            if (busy || !waiting.isEmpty()) {
                awaitingIdle.add(emitter);
            } else {
                emitter.complete(null);
            }
        });
    }

    private void next() {
        Message message = isHeldBack ? null : waiting.poll();
        busy = message != null;
        underWay = message;
        if (waiting.isEmpty() && !busy) {
            awaitingIdle.forEach(emitter -> emitter.complete(null));
            awaitingIdle.clear();
        }
        if (!busy) {
            return;
        }
        waitingBytes -= message.payload.length;
        Uni.createFrom()
                .deferred(() -> publisher.publish(TRUSTED, reader.readRaw(message.channel, message.payload)))
                .subscribe()
                .with(
                        accepted -> context.runOnContext(unused -> next()),
                        failure -> context.runOnContext(unused -> {
                            // Not if it was left when this stopped.
                            if (underWay == message) {
                                refuse(message, failure);
                            }
                            next();
                        }));
    }

    private void refuse(Message message, Throwable failure) {
        if (failure instanceof ProblemException refused) {
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
