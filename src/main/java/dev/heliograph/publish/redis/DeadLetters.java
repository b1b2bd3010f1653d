package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps what came by raw {@code PUBLISH} and could not be appended, where nobody can be answered; the oldest go first. What
 * came to a node that had just lost the lease is kept apart.
 */
final class DeadLetters {
    private static final String METRIC = "heliograph_publish_dead_letters";
    private static final int ABOUT_KEPT = 1_000;
    /** As many messages as may wait by default: of a node that stalled, the oldest are those that no other node heard. */
    private static final int ABOUT_KEPT_FENCED = 10_000;

    private static final String STOPPED = "stopped";
    private static final int LETTERS_AT_A_TIME = 256;
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
        // docs/decisions.md: Messages refused after a lost lease have a stream of their own
        add(
                keys.fencedLetters(),
                ABOUT_KEPT_FENCED,
                channel,
                payload,
                "fenced",
                "another node appends for this namespace now, and may have heard the message, too");
    }

    /**
     * Counts what a node that stops did not append, and keeps it if Redis can be reached.
     *
     * @param kept counts those that are kept
     */
    Uni<Void> addLeft(List<Sequencer.Message> left, LongAdder kept) {
        metrics.counter(METRIC, "reason", STOPPED).increment(left.size());
        List<Uni<Response>> letters = left.stream()
                .map(message -> keep(
                                keys.fencedLetters(),
                                // So that the last ones do not push out the first ones.
                                Math.max(ABOUT_KEPT_FENCED, left.size()),
                                message.channel(),
                                message.payload(),
                                STOPPED,
                                "the node stopped before the log had taken the message")
                        .invoke(kept::increment))
                .toList();
        return Uni.join()
                .all(letters)
                .usingConcurrencyOf(LETTERS_AT_A_TIME)
                .andCollectFailures()
                .replaceWithVoid();
    }

    private void add(String key, int aboutKept, String channel, byte[] payload, String reason, String detail) {
        metrics.counter(METRIC, "reason", reason).increment();
        keep(key, aboutKept, channel, payload, reason, detail)
                .subscribe()
                .with(kept -> {}, failure -> Log.debugf("A dead letter was not kept: %s", failure.getMessage()));
    }

    private Uni<Response> keep(
            String key, int aboutKept, String channel, byte[] payload, String reason, String detail) {
        byte[] head = Arrays.copyOf(payload, Math.min(payload.length, MAX_PAYLOAD_BYTES));
        return link.send(
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
                Instant.now());
    }
}
