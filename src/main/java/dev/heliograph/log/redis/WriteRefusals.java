package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether Redis refuses writes, and why: it is full, read-only, short of replicas, cannot persist, or denies us the right. Kept
 * for each namespace, because a Redis Cluster has namespaces on several servers. One log line says when it begins and one when
 * it is over. A write that succeeds ends it, or {@link #probe}. Any thread may call.
 */
final class WriteRefusals {
    private static final String METRIC = "heliograph_log_refused_writes";
    private static final int PROBE_MILLIS = 1_000;

    private final MeterRegistry metrics;
    private final RedisRights rights;
    private final RedisLink link;
    private final Keys keys;
    /** By namespace; the others take writes, as far as is known. */
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    /** @param rights tells a right that is missing everywhere from one that is missing for single channels */
    public WriteRefusals(MeterRegistry metrics, RedisRights rights, RedisLink link, RedisEngine.Config config) {
        this.metrics = metrics;
        this.rights = rights;
        this.link = link;
        this.keys = new Keys(config.prefix());
    }

    /** A refusal that continues; null if writes are taken. */
    public Refusal last() {
        return refused.values().stream().findAny().orElse(null);
    }

    /** The same write, whose result tells whether writes are taken. */
    <T> Uni<T> watch(Channel channel, Uni<T> write) {
        return write.invoke(() -> takenAfterWrite(channel.namespace()))
                .onFailure()
                .call(failure -> failed(channel.namespace(), failure));
    }

    /** Tries whether writes are taken again, by one command for each namespace for which they are refused. */
    public Uni<Void> probe() {
        return Multi.createFrom()
                .iterable(refused.entrySet())
                .onItem()
                .transformToUniAndConcatenate(each -> probe(each.getKey(), each.getValue()))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> probe(String namespace, Refusal refusal) {
        Uni<Boolean> again = refusal.reason() == Refusal.Reason.NOPERM
                ? rights.mayWrite()
                : link.send(Command.SET, keys.writable(namespace), "", "PX", PROBE_MILLIS)
                        .replaceWith(true);
        return again.invoke(isTaken -> {
                    if (isTaken) {
                        taken(namespace);
                    }
                })
                .onFailure()
                .recoverWithItem(false);
    }

    /** A user that lacks a right may lack it for other channels only. */
    private void takenAfterWrite(String namespace) {
        Refusal refusal = refused.isEmpty() ? null : refused.get(namespace);
        if (refusal != null && refusal.reason() != Refusal.Reason.NOPERM) {
            taken(namespace);
        }
    }

    private synchronized void taken(String namespace) {
        if (refused.remove(namespace) != null && refused.isEmpty()) {
            Log.info("Redis takes writes again");
        }
    }

    private Uni<?> failed(String namespace, Throwable failure) {
        Refusal refusal = Refusal.of(failure);
        if (refusal == null) {
            return Uni.createFrom().voidItem();
        }
        metrics.counter(METRIC, "reason", refusal.reason().tag()).increment();
        if (refusal.reason() != Refusal.Reason.NOPERM) {
            refuse(namespace, refusal);
            return Uni.createFrom().voidItem();
        }
        if (refused.containsKey(namespace)) {
            return Uni.createFrom().voidItem();
        }
        return rights.mayWrite().onFailure().recoverWithItem(false).invoke(isOfOneChannel -> {
            if (!isOfOneChannel) {
                refuse(namespace, refusal);
            }
        });
    }

    private synchronized void refuse(String namespace, Refusal refusal) {
        boolean isKnown = refused.values().stream().anyMatch(each -> each.reason() == refusal.reason());
        refused.put(namespace, refusal);
        if (!isKnown) {
            Log.warnf("Redis refuses writes, this node is not ready until it takes them again [%s]", refusal.words());
        }
    }
}
