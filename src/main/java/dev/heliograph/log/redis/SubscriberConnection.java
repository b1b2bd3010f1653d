package dev.heliograph.log.redis;

import io.quarkus.logging.Log;
import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One connection of a {@link RedisSubscriber}: the subscriptions that it was asked for, and how many of them Redis has
 * confirmed. Redis answers each name of each command once, in order, so that a number says which ones; but a command with a
 * name that its user may not hear is refused as a whole. Only commands without replies may be sent here, because the client
 * would take any message for their reply. Confined to one context.
 */
final class SubscriberConnection {
    private final RedisConnection connection;
    private final Context context;
    private final LivenessProbe liveness;
    private final Subscriptions wanted;
    private final Consumer<String> onEnd;
    private final Runnable onRegained;
    private final int namesPerCommand;
    /** Without it a deaf connection is not noticed. */
    private final String probeChannel;
    /** What Redis was asked for, until it has confirmed the end of it. */
    private final Map<String, Asked> asked = new HashMap<>();

    /** What was sent and not answered yet. */
    private final Queue<String> unanswered = new ArrayDeque<>();
    /** What the user may not hear, until Redis has confirmed it after all. */
    private final Set<String> denied = new HashSet<>();

    private final Queue<Waiter> waiters = new ArrayDeque<>();
    private long sent;
    private long confirmed;
    private boolean isRestored;
    private boolean isDropped;
    private boolean isDenied;

    private static final class Asked {
        final BiConsumer<String, byte[]> handler;
        boolean isEnding;
        /** Of the newest command. */
        long number;

        Asked(BiConsumer<String, byte[]> handler) {
            this.handler = handler;
        }
    }

    private record Waiter(long number, Runnable callback) {}

    /**
     * @param namesPerCommand if it is 1, what the user may not hear is left out; otherwise the connection ends
     * @param onRegained called on the context when something that was denied is heard: messages were missed
     * @param onEnd told why, on the context; not after {@link #drop}
     */
    SubscriberConnection(
            RedisConnection connection,
            Context context,
            LivenessProbe liveness,
            Subscriptions wanted,
            int namesPerCommand,
            String probeChannel,
            Runnable onRegained,
            Consumer<String> onEnd) {
        this.connection = connection;
        this.context = context;
        this.liveness = liveness;
        this.wanted = wanted;
        this.namesPerCommand = namesPerCommand;
        this.probeChannel = probeChannel;
        this.onRegained = onRegained;
        this.onEnd = onEnd;
        liveness.heard(System.nanoTime());
        connection.handler(message -> context.runOnContext(unused -> onMessage(message)));
        connection.exceptionHandler(failure -> context.runOnContext(unused -> end(failure.getMessage())));
        connection.endHandler(() -> context.runOnContext(unused -> end("closed by Redis")));
    }

    /** Subscribes to those of the names that are wanted, and unsubscribes from the others, unless that was asked before. */
    void adjust(Collection<String> names) {
        List<String> more = new ArrayList<>();
        List<String> less = new ArrayList<>();
        for (String name : names) {
            BiConsumer<String, byte[]> handler = wanted.handler(name);
            Asked last = asked.get(name);
            boolean isAsked = last != null && !last.isEnding;
            if (handler != null && !isAsked) {
                asked.put(name, new Asked(handler));
                more.add(name);
            } else if (handler == null && isAsked) {
                last.isEnding = true;
                less.add(name);
            } else if (isAsked) {
                settle(name);
            }
        }
        send(less, Command.UNSUBSCRIBE, Command.PUNSUBSCRIBE);
        send(more, Command.SUBSCRIBE, Command.PSUBSCRIBE);
    }

    /** Asks again for what was denied: rights change. */
    void retryDenied() {
        denied.removeIf(name -> wanted.handler(name) == null);
        adjust(Set.copyOf(denied));
    }

    /** Calls back when Redis has confirmed or denied all that was asked for; never if the connection ends before. */
    void whenConfirmed(Runnable callback) {
        waiters.add(new Waiter(sent, callback));
        callConfirmed();
    }

    /** From now on those who wait for a subscription are told when it is confirmed. */
    void restored() {
        isRestored = true;
        Set.copyOf(asked.keySet()).forEach(this::settle);
    }

    /** Whether the user may not hear something that was asked for. */
    boolean isDenied() {
        return isDenied;
    }

    void drop() {
        isDropped = true;
        OwnConnection.drop(connection);
    }

    private void settle(String name) {
        Asked last = asked.get(name);
        if (last == null || last.number > confirmed) {
            return;
        }
        if (last.isEnding) {
            asked.remove(name);
        } else if (isRestored) {
            wanted.confirm(name);
        }
    }

    private void send(List<String> names, Command ofChannels, Command ofPatterns) {
        Map<Boolean, List<String>> byKind = names.stream().collect(Collectors.partitioningBy(Subscriptions::isPattern));
        send(ofChannels, byKind.get(false));
        send(ofPatterns, byKind.get(true));
    }

    private void send(Command command, List<String> names) {
        for (int from = 0; from < names.size(); from += namesPerCommand) {
            Request request = Request.cmd(command);
            for (String name : names.subList(from, Math.min(names.size(), from + namesPerCommand))) {
                request.arg(name);
                unanswered.add(name);
                asked.get(name).number = ++sent;
            }
            connection
                    .send(request)
                    .subscribe()
                    .with(done -> {}, failure -> context.runOnContext(unused -> end(failure.getMessage())));
        }
    }

    private void end(String why) {
        if (!isDropped) {
            onEnd.accept(why);
        }
    }

    private void onMessage(Response message) {
        if (isDropped) {
            return;
        }
        if (message.type() == ResponseType.ERROR) {
            refuse(message.toString());
            return;
        }
        liveness.heard(System.nanoTime());
        String kind = message.get(0).toString();
        String name = message.get(1).toString();
        Asked subscription = asked.get(name);
        boolean isOfPattern = kind.equals("pmessage");
        if (!isOfPattern && !kind.equals("message")) {
            answered();
            settle(name);
            if (denied.remove(name)) {
                onRegained.run();
            }
        } else if (subscription != null) {
            String channel = isOfPattern ? message.get(2).toString() : name;
            subscription.handler.accept(channel, message.get(message.size() - 1).toBytes());
        }
    }

    /** One name that may not be heard does not silence the others. */
    private void refuse(String error) {
        String name = unanswered.peek();
        isDenied = error.startsWith("NOPERM ") && name != null;
        if (namesPerCommand > 1 || !isDenied || name.equals(probeChannel)) {
            end("refused: " + error);
            return;
        }
        if (denied.isEmpty()) {
            Log.warnf(
                    "Redis refuses subscriptions, which are tried again and again; the first is [%s]: %s", name, error);
        }
        Asked last = asked.get(name);
        if (last != null && last.number == confirmed + 1) {
            asked.remove(name);
        }
        denied.add(name);
        answered();
    }

    private void answered() {
        unanswered.poll();
        confirmed++;
        callConfirmed();
    }

    private void callConfirmed() {
        while (!waiters.isEmpty() && waiters.peek().number() <= confirmed) {
            waiters.remove().callback().run();
        }
    }
}
