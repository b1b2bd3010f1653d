package dev.heliograph.log.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether Redis refuses writes, and why: it is full, read-only, short of replicas, cannot persist, or denies us the right. Said
 * once in the log when it begins and once when it is over, which a write that succeeds tells, or {@link #probe}. Any thread
 * may call.
 */
public final class WriteRefusals {
    private static final String METRIC = "heliograph_log_refused_writes";
    private static final int PROBE_MILLIS = 1_000;

    private final MeterRegistry metrics;
    private final RedisRights rights;
    private final RedisLink link;
    private final String probeKey;
    /** Null: writes are taken, as far as is known. */
    private final AtomicReference<Refusal> last = new AtomicReference<>();

    /** @param rights asked whether a missing one was granted */
    public WriteRefusals(MeterRegistry metrics, RedisRights rights, RedisLink link, RedisLogConfig config) {
        this.metrics = metrics;
        this.rights = rights;
        this.link = link;
        this.probeKey = new Keys(config.prefix()).writable();
    }

    /** The refusal that holds on; null if writes are taken. */
    public Refusal last() {
        return last.get();
    }

    /** The same write, which tells whether writes are taken. */
    <T> Uni<T> watch(Uni<T> write) {
        return write.invoke(this::taken).onFailure().invoke(this::failed);
    }

    /** Tries, while writes are refused, whether they are taken again: by one command. */
    public Uni<Void> probe() {
        Refusal refusal = last.get();
        if (refusal == null) {
            return Uni.createFrom().voidItem();
        }
        Uni<Boolean> again = refusal.reason() == Refusal.Reason.NOPERM
                ? rights.mayWrite()
                : link.send(Command.SET, probeKey, "", "PX", PROBE_MILLIS).replaceWith(true);
        return again.invoke(isTaken -> {
                    if (isTaken) {
                        taken();
                    }
                })
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private void taken() {
        if (last.get() != null && last.getAndSet(null) != null) {
            Log.info("Redis takes writes again");
        }
    }

    private void failed(Throwable failure) {
        Refusal refusal = Refusal.of(failure);
        if (refusal == null) {
            return;
        }
        metrics.counter(METRIC, "reason", refusal.reason().tag()).increment();
        Refusal before = last.getAndSet(refusal);
        if (before == null || before.reason() != refusal.reason()) {
            Log.warnf("Redis refuses writes, this node is not ready until it takes them again [%s]", refusal.words());
        }
    }
}
