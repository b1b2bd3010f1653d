package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.OwnConnection;
import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One life of the connection on which raw messages are heard. A pattern is needed, as nobody knows the channels'
 * names beforehand. Confined to one context.
 */
final class RawSubscription {
    private final RedisConnection connection;
    private final Context context;
    private final Consumer<RawSubscription> onEnd;
    private final Set<String> namespaces = new HashSet<>();
    /** Those who wait until every command so far is confirmed; none has a reply, and each is confirmed once. */
    private final List<Runnable> awaitingConfirmation = new ArrayList<>();

    private int unconfirmed;

    RawSubscription(
            RedisConnection connection,
            Context context,
            BiConsumer<String, byte[]> onMessage,
            Consumer<RawSubscription> onEnd) {
        this.connection = connection;
        this.context = context;
        this.onEnd = onEnd;
        connection.handler(message -> context.runOnContext(unused -> dispatch(message, onMessage)));
        connection.exceptionHandler(failure -> end());
        connection.endHandler(this::end);
    }

    void listen(String channel) {
        send(Command.SUBSCRIBE, channel);
    }

    /** Hears these namespaces, and no others. */
    void adjust(Set<String> wanted) {
        for (String namespace : Set.copyOf(namespaces)) {
            if (!wanted.contains(namespace)) {
                namespaces.remove(namespace);
                send(Command.PUNSUBSCRIBE, namespace + "-*");
                send(Command.UNSUBSCRIBE, namespace);
            }
        }
        for (String namespace : wanted) {
            if (namespaces.add(namespace)) {
                send(Command.PSUBSCRIBE, namespace + "-*");
                send(Command.SUBSCRIBE, namespace);
            }
        }
    }

    /** Calls back when Redis has confirmed all that was asked for: what came before, if it was to be ended, was heard. */
    void whenConfirmed(Runnable callback) {
        awaitingConfirmation.add(callback);
        confirm(0);
    }

    void drop() {
        OwnConnection.drop(connection);
    }

    private void confirm(int count) {
        unconfirmed -= count;
        if (unconfirmed == 0) {
            List<Runnable> callbacks = List.copyOf(awaitingConfirmation);
            awaitingConfirmation.clear();
            callbacks.forEach(Runnable::run);
        }
    }

    private void send(Command command, String name) {
        unconfirmed++;
        connection.send(Request.cmd(command).arg(name)).subscribe().with(sent -> {}, failure -> end());
    }

    private void end() {
        context.runOnContext(unused -> onEnd.accept(this));
    }

    private void dispatch(Response message, BiConsumer<String, byte[]> onMessage) {
        if (message.type() == ResponseType.ERROR) {
            onEnd.accept(this);
            return;
        }
        switch (message.get(0).toString()) {
            case "message" ->
                onMessage.accept(message.get(1).toString(), message.get(2).toBytes());
            case "pmessage" ->
                onMessage.accept(message.get(2).toString(), message.get(3).toBytes());
            default -> confirm(1);
        }
    }
}
