package dev.heliograph.publish.redis;

import dev.heliograph.event.Channel;
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
 * Appends the messages of one namespace one after another, in the order in which they came. At most {@code maxWaiting}
 * wait; what comes beyond that becomes a dead letter. Confined to one context.
 */
final class Sequencer {
    private final Context context;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final int maxWaiting;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final List<UniEmitter<? super Void>> awaitingIdle = new ArrayList<>();
    private boolean busy;

    private record Message(String channel, byte[] payload) {}

    Sequencer(Context context, Publisher publisher, DeadLetters deadLetters, int maxWaiting) {
        this.context = context;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.maxWaiting = maxWaiting;
    }

    void offer(String channel, byte[] payload) {
        if (waiting.size() >= maxWaiting) {
            deadLetters.add(
                    channel, payload, Problem.of(ProblemType.OVERLOADED, maxWaiting + " messages wait already"));
            return;
        }
        waiting.add(new Message(channel, payload));
        if (!busy) {
            next();
        }
    }

    /** Completes when nothing waits any more. To be subscribed on the context. */
    Uni<Void> idle() {
        return Uni.createFrom().emitter(emitter -> {
            if (busy) {
                awaitingIdle.add(emitter);
            } else {
                emitter.complete(null);
            }
        });
    }

    private void next() {
        Message message = waiting.poll();
        busy = message != null;
        if (!busy) {
            awaitingIdle.forEach(emitter -> emitter.complete(null));
            awaitingIdle.clear();
            return;
        }
        Uni.createFrom()
                .deferred(() -> publisher.publish(EventReader.readRaw(new Channel(message.channel), message.payload)))
                .subscribe()
                .with(accepted -> later(), failure -> {
                    refuse(message, failure);
                    later();
                });
    }

    private void later() {
        context.runOnContext(unused -> next());
    }

    private void refuse(Message message, Throwable failure) {
        if (failure instanceof ProblemException refused) {
            deadLetters.add(message.channel, message.payload, refused.problem());
        } else if (failure instanceof FencedException) {
            Log.debugf("Another node sequences now, a message was left to it [%s]", message.channel);
        } else {
            Log.errorf(failure, "A message could not be appended [%s]", message.channel);
            deadLetters.add(
                    message.channel, message.payload, Problem.of(ProblemType.INTERNAL, "see the log of the gateway"));
        }
    }
}
