package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.context.SmallRyeContextManagerProvider;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Engines on one Redis under a prefix of their own, so that tests do not meet. */
public final class RedisFixture implements AutoCloseable {
    /** Long, as no test is about it and a machine may be slow. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    static final Duration PROBE_INTERVAL = Duration.ofMillis(300);

    static {
        // Outside of Quarkus it is set by first use, which fails when two threads are first.
        SmallRyeContextManagerProvider.getManager();
    }

    private final Vertx vertx = Vertx.vertx();
    private final List<Runnable> closings = new ArrayList<>();
    private final String prefix;
    private final String uri;
    private final Duration timeout;

    public RedisFixture(RedisServer server) {
        this(server.uri(), "t" + UUID.randomUUID().toString().substring(0, 8));
    }

    public RedisFixture(String uri, String prefix) {
        this(uri, prefix, TIMEOUT);
    }

    /** @param timeout of commands and probes */
    RedisFixture(String uri, String prefix, Duration timeout) {
        this.uri = uri;
        this.prefix = prefix;
        this.timeout = timeout;
    }

    public Vertx vertx() {
        return vertx;
    }

    public Keys keys() {
        return new Keys(prefix);
    }

    /** A client with a pool of its own, as each node has one. */
    public Redis client() {
        Redis client = Redis.createClient(
                io.vertx.mutiny.core.Vertx.newInstance(vertx), new RedisOptions().setConnectionString(uri));
        closings.add(client::close);
        return client;
    }

    public RedisEngine.Config config() {
        return new RedisEngine.Config() {
            @Override
            public String prefix() {
                return prefix;
            }

            @Override
            public Duration timeout() {
                return timeout;
            }

            @Override
            public Duration probeInterval() {
                return PROBE_INTERVAL;
            }
        };
    }

    public RedisEventLog log(Catalogue catalogue) {
        return log(catalogue, refusals(catalogue, new SimpleMeterRegistry()));
    }

    WriteRefusals refusals(Catalogue catalogue, MeterRegistry metrics) {
        return new WriteRefusals(metrics, new RedisRights(link(), config(), catalogue), link(), config());
    }

    RedisEventLog log(Catalogue catalogue, WriteRefusals refusals) {
        var log = new RedisEventLog(client(), config(), catalogue, refusals);
        closings.add(0, log::close);
        return log;
    }

    /** An engine that is not started: for the commands beside the log. */
    public RedisEngine engine(Catalogue catalogue) {
        var engine = new RedisEngine(catalogue, config(), client(), vertx, new RedisGuard(), new SimpleMeterRegistry());
        closings.add(0, engine::close);
        return engine;
    }

    public RedisFeed feed() {
        var feed = new RedisFeed(vertx, client(), config(), new SimpleMeterRegistry());
        closings.add(0, feed::close);
        feed.start();
        return feed;
    }

    /** For looking behind the engine's back. */
    public RedisLink link() {
        var link = new RedisLink(client(), Duration.ofSeconds(5));
        closings.add(0, link::close);
        return link;
    }

    /** Puts a key of another type in the place of one of a channel's: its log, top or latest. */
    void spoil(Channel channel, String part) {
        String key =
                switch (part) {
                    case "log" -> keys().log(channel);
                    case "top" -> keys().top(channel);
                    case "latest" -> keys().latest(channel);
                    default -> throw new AssertionError(part);
                };
        link().send(Command.SET, key, "of another type").await().atMost(TIMEOUT);
    }

    /** What each key under the prefix holds, as Redis dumps it. */
    Map<String, Buffer> contents() {
        RedisLink link = link();
        Response keys = link.send(Command.KEYS, prefix + ":*").await().atMost(TIMEOUT);
        return keys.getDelegate().stream().map(Object::toString).collect(Collectors.toMap(key -> key, key -> link.send(
                        Command.DUMP, key)
                .await()
                .atMost(TIMEOUT)
                .toBuffer()));
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
