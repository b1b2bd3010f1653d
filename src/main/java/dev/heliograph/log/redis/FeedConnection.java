package dev.heliograph.log.redis;

import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One life of the feed's connection: what it was asked to subscribe to, and what Redis confirmed. Confined to the feed's
 * context. Only commands without replies may be sent here: the client would take any message for their reply.
 */
final class FeedConnection {
    /** A longer command would hold up announcements for too long. */
    private static final int MAX_CHANNELS_PER_COMMAND = 512;

    /** Called on the feed's context. */
    interface Listener {
        void onMessage(FeedConnection source, String channel, byte[] message);

        /** Every SUBSCRIBE for this channel that was sent has been answered. */
        void onConfirmed(FeedConnection source, String channel);

        void onEnd(FeedConnection source, String why);
    }

    private final RedisConnection connection;
    private final Context context;
    private final Listener listener;
    private final Set<String> asked = new HashSet<>();
    /** How many SUBSCRIBE of a channel are not answered: after subscribe, unsubscribe, subscribe only the last counts. */
    private final Map<String, Integer> unanswered = new HashMap<>();

    FeedConnection(RedisConnection connection, Context context, Listener listener) {
        this.connection = connection;
        this.context = context;
        this.listener = listener;
        connection.handler(message -> context.runOnContext(unused -> onMessage(message)));
        connection.exceptionHandler(failure -> context.runOnContext(unused -> end(failure.getMessage())));
        connection.endHandler(() -> context.runOnContext(unused -> end("closed by Redis")));
    }

    /** Asks for what is wanted of the given channels and ends the others, unless that was asked before. */
    void adjust(Collection<String> channels, Predicate<String> wanted) {
        List<String> more = new ArrayList<>();
        List<String> less = new ArrayList<>();
        for (String channel : channels) {
            if (!wanted.test(channel)) {
                if (asked.remove(channel)) {
                    less.add(channel);
                }
            } else if (asked.add(channel)) {
                unanswered.merge(channel, 1, Integer::sum);
                more.add(channel);
            } else if (!unanswered.containsKey(channel)) {
                listener.onConfirmed(this, channel);
            }
        }
        send(Command.UNSUBSCRIBE, less);
        send(Command.SUBSCRIBE, more);
    }

    void drop() {
        OwnConnection.drop(connection);
    }

    private void send(Command command, List<String> channels) {
        for (int from = 0; from < channels.size(); from += MAX_CHANNELS_PER_COMMAND) {
            Request request = Request.cmd(command);
            int to = Math.min(channels.size(), from + MAX_CHANNELS_PER_COMMAND);
            channels.subList(from, to).forEach(request::arg);
            connection
                    .send(request)
                    .subscribe()
                    .with(sent -> {}, failure -> context.runOnContext(unused -> end(failure.getMessage())));
        }
    }

    private void end(String why) {
        listener.onEnd(this, why);
    }

    private void onMessage(Response message) {
        if (message.type() == ResponseType.ERROR) {
            end("refused: " + message);
            return;
        }
        switch (message.get(0).toString()) {
            case "message" ->
                listener.onMessage(
                        this, message.get(1).toString(), message.get(2).toBytes());
            case "subscribe" -> {
                String channel = message.get(1).toString();
                if (unanswered.computeIfPresent(channel, (name, count) -> count == 1 ? null : count - 1) == null) {
                    listener.onConfirmed(this, channel);
                }
            }
            default -> {
                // The answer to UNSUBSCRIBE: nobody waits for it.
            }
        }
    }
}
