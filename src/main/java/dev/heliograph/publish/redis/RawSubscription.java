package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.OwnConnection;
import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    private static final String PATTERN = "-*";

    private final RedisConnection connection;
    private final Context context;
    private final Consumer<RawSubscription> onEnd;
    private final Set<String> namespaces = new HashSet<>();
    /** Those of them that the user may not hear; they are asked for again. */
    private final Set<String> denied = new HashSet<>();
    /** What each command named that is not answered yet, in order, because an error does not say to what it is an answer. */
    private final Deque<String> unconfirmed = new ArrayDeque<>();
    /** Those who wait until every command so far is confirmed or denied. */
    private final List<Runnable> awaitingConfirmation = new ArrayList<>();

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

    /** Hears these namespaces, and no others. To be called again for those that are denied. */
    void adjust(Set<String> wanted) {
        for (String namespace : Set.copyOf(namespaces)) {
            if (!wanted.contains(namespace)) {
                namespaces.remove(namespace);
                denied.remove(namespace);
                send(Command.PUNSUBSCRIBE, namespace + PATTERN);
                send(Command.UNSUBSCRIBE, namespace);
            }
        }
        for (String namespace : wanted) {
            boolean isNew = namespaces.add(namespace);
            if (isNew || denied.remove(namespace)) {
                send(Command.PSUBSCRIBE, namespace + PATTERN);
                send(Command.SUBSCRIBE, namespace);
            }
        }
    }

    /** Calls back when Redis has confirmed all that was asked for: what came before, if it was to be ended, was heard. */
    void whenConfirmed(Runnable callback) {
        awaitingConfirmation.add(callback);
        callBack();
    }

    void drop() {
        OwnConnection.drop(connection);
    }

    private void confirm() {
        unconfirmed.poll();
        callBack();
    }

    private void callBack() {
        if (unconfirmed.isEmpty()) {
            List<Runnable> callbacks = List.copyOf(awaitingConfirmation);
            awaitingConfirmation.clear();
            callbacks.forEach(Runnable::run);
        }
    }

    private void send(Command command, String name) {
        unconfirmed.add(name);
        connection.send(Request.cmd(command).arg(name)).subscribe().with(sent -> {}, failure -> end());
    }

    private void end() {
        context.runOnContext(unused -> onEnd.accept(this));
    }

    private void dispatch(Response message, BiConsumer<String, byte[]> onMessage) {
        if (message.type() == ResponseType.ERROR) {
            refuse(message.toString());
            return;
        }
        switch (message.get(0).toString()) {
            case "message" ->
                onMessage.accept(message.get(1).toString(), message.get(2).toBytes());
            case "pmessage" ->
                onMessage.accept(message.get(2).toString(), message.get(3).toBytes());
            default -> confirm();
        }
    }

    /** A namespace that the user may not hear does not silence the others. */
    private void refuse(String error) {
        String name = unconfirmed.isEmpty() ? "" : unconfirmed.peek();
        String namespace = name.endsWith(PATTERN) ? name.substring(0, name.length() - PATTERN.length()) : name;
        if (error.startsWith("NOPERM ") && namespaces.contains(namespace)) {
            denied.add(namespace);
            confirm();
        } else {
            onEnd.accept(this);
        }
    }
}
