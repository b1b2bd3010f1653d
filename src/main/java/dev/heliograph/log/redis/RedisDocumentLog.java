package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import dev.heliograph.log.redis.RedisLink.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents in Redis. Each change is one round trip with one script, which begins with the appending script. */
final class RedisDocumentLog implements DocumentLog {
    private static final Script CHANGE = Script.read(
            RedisDocumentLog.class,
            "calls.lua",
            "rights.lua",
            "run.lua",
            "append.lua",
            "append-of.lua",
            "change-script.lua");
    private static final Script SNAPSHOT =
            Script.read(RedisDocumentLog.class, "calls.lua", "rights.lua", "run.lua", "top.lua", "snapshot.lua");
    private static final Script EARLIER = Script.read(RedisDocumentLog.class, "earlier.lua");

    private final RedisEventLog log;
    private final Catalogue catalogue;
    private final Keys keys;
    private final RedisLink changes;
    private final RedisLink reads;
    private final WriteRefusals refusals;

    RedisDocumentLog(
            RedisEventLog log,
            Catalogue catalogue,
            Keys keys,
            RedisLink changes,
            RedisLink reads,
            WriteRefusals refusals) {
        this.log = log;
        this.catalogue = catalogue;
        this.keys = keys;
        this.changes = changes;
        this.reads = reads;
        this.refusals = refusals;
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> reads.run(
                        SNAPSHOT,
                        List.of(keys.log(channel), keys.top(channel), keys.document(channel)),
                        RedisEventLog.newEpoch(),
                        RedisEventLog.unusedTtl(catalogue.namespaceOf(channel)).toMillis(),
                        RedisLink.RUN_ID))
                .map(RedisDocumentLog::snapshot);
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return Uni.createFrom()
                .deferred(() -> reads.run(EARLIER, List.of(keys.once(channel, idempotencyKey))))
                .map(first -> first.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Accepted(
                                first.get(2).toString(),
                                new Position(
                                        first.get(0).toString(), first.get(1).toLong()),
                                true)));
    }

    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return change(
                change, expected, idempotencyKey, idempotencyKey == null ? Duration.ZERO : EventLog.REPEAT_WINDOW);
    }

    /** @param window how long the key is remembered */
    Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey, Duration window) {
        return Uni.createFrom()
                .deferred(() -> {
                    Event event = change.event();
                    var changeKeys = new ArrayList<>(log.appendKeys(event, idempotencyKey));
                    changeKeys.add(keys.document(change.channel()));
                    return refusals.watch(
                            change.channel(), changes.run(CHANGE, changeKeys, args(change, event, expected, window)));
                })
                .map(answer -> answer.get(0).toString().equals("stale")
                        ? Optional.empty()
                        : Optional.of(RedisEventLog.accepted(answer)));
    }

    private Object[] args(DocumentChange change, Event event, Expected expected, Duration window) {
        Namespace namespace = catalogue.namespaceOf(change.channel());
        Object[] append = log.appendArgs(event, window);
        byte[] payload = (byte[]) append[0];
        return Stream.concat(
                        Stream.of(append),
                        Stream.of(
                                expected.version() == null
                                        ? ""
                                        : expected.version().cursor(),
                                change.json() == null ? 0 : change.startIn(payload) + 1,
                                change.time().toEpochMilli(),
                                namespace.documentTtl().map(Duration::toMillis).orElse(0L)))
                .toArray();
    }

    private static Snapshot snapshot(Response answer) {
        var top = new Position(answer.get(0).toString(), answer.get(1).toLong());
        if (answer.get(2) == null) {
            return new Snapshot(Optional.empty(), top);
        }
        var document = new Document(
                answer.get(3).toBytes(),
                Position.parse(answer.get(2).toString()),
                Instant.ofEpochMilli(answer.get(4).toLong()));
        return new Snapshot(Optional.of(document), top);
    }
}
