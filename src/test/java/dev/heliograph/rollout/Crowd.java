package dev.heliograph.rollout;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Many clients of some gateways, a third of them on each wire, on one event loop: a thread for each would take the machine
 * from the gateways. Any thread may call the public methods.
 */
final class Crowd implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final WebSocketClient sockets;
    private final HttpClient requests;
    private final List<Integer> ports;
    private final List<Member> members = new ArrayList<>();
    private final List<Phase> phases = new ArrayList<>(List.of(new Phase("arrival")));
    private boolean isClosed;

    /** Connects them, each to one of the ports at first. */
    Crowd(int clients, int channels, List<Integer> ports) {
        this.ports = List.copyOf(ports);
        sockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(clients));
        requests = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(clients));
        for (int i = 0; i < clients; i++) {
            members.add(member(i, SteadyPublisher.channel(i / 6 % channels)));
        }
        on(() -> {
            members.forEach(Member::connect);
            return null;
        });
    }

    private Member member(int number, String channel) {
        int address = number / 3;
        return switch (number % 3) {
            case 0 -> new SocketMember(this, channel, address);
            case 1 -> new StreamMember(this, channel, address);
            default -> new PollMember(this, channel, address);
        };
    }

    void awaitListening(Duration limit) {
        await().atMost(limit)
                .pollInterval(LOOK_EVERY)
                .until(() -> on(() -> members.stream().allMatch(Member::isListening)));
    }

    void begin(String phase) {
        on(() -> phases.add(new Phase(phase)));
    }

    /** Of all clients together. */
    long missing(List<Long> publishedByChannel) {
        return on(() -> members.stream()
                .mapToLong(each -> each.missing(publishedByChannel.get(SteadyPublisher.number(each.channel()))))
                .sum());
    }

    /** How many events came to a client that had them already, of all clients together. */
    long twice() {
        return on(() -> members.stream().mapToLong(Member::twice).sum());
    }

    List<Phase> phases() {
        return on(() -> List.copyOf(phases));
    }

    @Override
    public void close() {
        on(() -> isClosed = true);
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the crowd does not end", e);
        }
    }

    WebSocketClient sockets() {
        return sockets;
    }

    HttpClient requests() {
        return requests;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** On the loop. */
    Phase phase() {
        return phases.get(phases.size() - 1);
    }

    int port(int address) {
        return ports.get(address % ports.size());
    }

    void after(long millis, Runnable step) {
        if (millis == 0) {
            loop.runOnContext(now -> step.run());
        } else {
            vertx.setTimer(millis, due -> step.run());
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON came: " + text, e);
        }
    }

    /** @param seconds as {@code Retry-After} has them; null: one */
    static long millis(String seconds) {
        return seconds == null ? 1000 : TimeUnit.SECONDS.toMillis(Long.parseLong(seconds));
    }

    private <T> T on(Supplier<T> step) {
        var done = new CompletableFuture<T>();
        loop.runOnContext(now -> {
            try {
                done.complete(step.get());
            } catch (RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.join();
    }
}
