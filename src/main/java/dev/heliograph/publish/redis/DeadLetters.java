package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.vertx.mutiny.redis.client.Command;
import java.time.Instant;
import java.util.Arrays;

/**
 * Keeps what came by raw {@code PUBLISH} and could not be appended, where nobody can be answered; the oldest go first. What
 * came to a node that had just lost the lease is kept apart.
 */
public final class DeadLetters {
    private static final String METRIC = "heliograph_publish_dead_letters";
    private static final int ABOUT_KEPT = 1_000;
    /** As many messages as may wait by default: of a node that stalled, the oldest are those that no other node heard. */
    private static final int ABOUT_KEPT_FENCED = 10_000;

    private static final int MAX_PAYLOAD_BYTES = 1_024;

    private final RedisLink link;
    private final Keys keys;
    private final MeterRegistry metrics;

    public DeadLetters(RedisLink link, Keys keys, MeterRegistry metrics) {
        this.link = link;
        this.keys = keys;
        this.metrics = metrics;
    }

    /** Counts it, and keeps it if Redis can be reached. */
    void add(String channel, byte[] payload, Problem reason) {
        add(keys.deadLetters(), ABOUT_KEPT, channel, payload, reason.type().slug(), reason.detail());
    }

    /** The same for what the log refused to a node that does not hold the lease. */
    void addFenced(String channel, byte[] payload) {
        // docs/decisions.md: What a lost lease left over is kept apart
        add(
                keys.fencedLetters(),
                ABOUT_KEPT_FENCED,
                channel,
                payload,
                "fenced",
                "another node appends for this namespace now, and may have heard the message, too");
    }

    private void add(String key, int aboutKept, String channel, byte[] payload, String reason, String detail) {
        metrics.counter(METRIC, "reason", reason).increment();
        byte[] head = Arrays.copyOf(payload, Math.min(payload.length, MAX_PAYLOAD_BYTES));
        link.send(
                        Command.XADD,
                        key,
                        "MAXLEN",
                        "~",
                        aboutKept,
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
