package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.vertx.mutiny.redis.client.Command;
import java.time.Instant;
import java.util.Arrays;

/** Keeps what came by raw {@code PUBLISH} and could not be appended, where nobody can be answered; the oldest go first. */
public final class DeadLetters {
    private static final String METRIC = "heliograph_publish_dead_letters";
    private static final int ABOUT_KEPT = 1_000;
    private static final int MAX_PAYLOAD_BYTES = 1_024;

    private final RedisLink link;
    private final String key;
    private final MeterRegistry metrics;

    public DeadLetters(RedisLink link, Keys keys, MeterRegistry metrics) {
        this.link = link;
        this.key = keys.deadLetters();
        this.metrics = metrics;
    }

    /** See {@link #add(String, byte[], String, String)}. */
    void add(String channel, byte[] payload, Problem reason) {
        add(channel, payload, reason.type().slug(), reason.detail());
    }

    /** Counts it, and keeps it if Redis can be reached. */
    void add(String channel, byte[] payload, String reason, String detail) {
        metrics.counter(METRIC, "reason", reason).increment();
        byte[] head = Arrays.copyOf(payload, Math.min(payload.length, MAX_PAYLOAD_BYTES));
        link.send(
                        Command.XADD,
                        key,
                        "MAXLEN",
                        "~",
                        ABOUT_KEPT,
                        "*",
                        "channel",
                        channel,
                        "reason",
                        reason,
                        "detail",
                        detail,
                        "payload",
                        head,
                        "time",
                        Instant.now())
                .subscribe()
                .with(kept -> {}, failure -> Log.debugf("A dead letter was not kept: %s", failure.getMessage()));
    }
}
