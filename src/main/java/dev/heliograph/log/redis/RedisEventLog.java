package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import dev.heliograph.log.redis.RedisLink.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The log in Redis. Each append and each page is one script and one round trip. */
public final class RedisEventLog implements EventLog {
    private static final Script APPEND = Script.read(
            RedisEventLog.class,
            "calls.lua",
            "rights.lua",
            "run.lua",
            "append.lua",
            "append-of.lua",
            "append-script.lua");
    private static final Script SINCE =
            Script.read(RedisEventLog.class, "calls.lua", "rights.lua", "run.lua", "top.lua", "since.lua");
    private static final Script LATEST = Script.read(RedisEventLog.class, "latest.lua");
    private static final Duration LEAST_TOP_TTL = Duration.ofDays(30);
    // docs/decisions.md: The epoch of a channel without events is forgotten after a day
    /** For channels without events: anybody can ask for any name. */
    private static final Duration LEAST_UNUSED_TTL = Duration.ofDays(1);

    private final Catalogue catalogue;
    private final Keys keys;
    /** A connection of its own, so that appends do not queue behind long pages. */
    private final RedisLink appends;

    private final RedisLink reads;
    private final WriteRefusals refusals;
    private final String leaseToken;

    /** @param refusals observes every write */
    public RedisEventLog(Redis redis, RedisEngine.Config config, Catalogue catalogue, WriteRefusals refusals) {
        this(
                catalogue,
                new Keys(config.prefix()),
                new RedisLink(redis, config.timeout()),
                new RedisLink(redis, config.timeout()),
                refusals,
                "");
    }

    private RedisEventLog(
            Catalogue catalogue,
            Keys keys,
            RedisLink appends,
            RedisLink reads,
            WriteRefusals refusals,
            String leaseToken) {
        this.catalogue = catalogue;
        this.refusals = refusals;
        this.keys = keys;
        this.appends = appends;
        this.reads = reads;
        this.leaseToken = leaseToken;
    }

    /**
     * The same log for a writer that must hold its namespaces' {@linkplain Keys#lease lease}. If the lease has another
     * token, an append fails with {@link FencedException} and appends nothing.
     */
    public RedisEventLog fencedBy(String token) {
        return new RedisEventLog(catalogue, keys, appends, reads, refusals, token);
    }

    /** The same log, whose commands the guard retries and bounds, and whose failures are problems for clients. */
    public EventLog guardedBy(RedisGuard guard) {
        return new GuardedEventLog(this, guard);
    }

    /** The documents beside this log, over the same connections. */
    public RedisDocumentLog documents() {
        return new RedisDocumentLog(this, catalogue, keys, appends, reads, refusals);
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return append(event, idempotencyKey, idempotencyKey == null ? Duration.ZERO : REPEAT_WINDOW);
    }

    /** @param window how long the key is remembered */
    Uni<Accepted> append(Event event, String idempotencyKey, Duration window) {
        return Uni.createFrom()
                .deferred(() -> refusals.watch(
                        event.channel(),
                        appends.run(APPEND, appendKeys(event, idempotencyKey), appendArgs(event, window))))
                .map(RedisEventLog::accepted);
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom()
                .deferred(() -> reads.run(
                        SINCE,
                        List.of(keys.log(channel), keys.top(channel)),
                        newEpoch(),
                        unusedTtl(catalogue.namespaceOf(channel)).toMillis(),
                        RedisLink.RUN_ID,
                        after == null ? "" : after.epoch(),
                        after == null ? 0 : after.offset(),
                        limit))
                .map(answer -> history(channel, after, answer));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> reads.run(LATEST, List.of(keys.top(channel), keys.latest(channel))))
                .map(answer -> newest(channel, answer));
    }

    public void close() {
        appends.close();
        reads.close();
    }

    /** How long epoch and offset outlive the last append: far longer than any history, because clients return late. */
    static Duration topTtl(Namespace namespace) {
        Duration twice = namespace.historyTtl().multipliedBy(2);
        return twice.compareTo(LEAST_TOP_TTL) > 0 ? twice : LEAST_TOP_TTL;
    }

    /** How long a channel without entries keeps the epoch that its readers got. */
    static Duration unusedTtl(Namespace namespace) {
        Duration history = namespace.historyTtl();
        return history.compareTo(LEAST_UNUSED_TTL) > 0 ? history : LEAST_UNUSED_TTL;
    }

    /** The keys of {@code append-of.lua}. */
    List<String> appendKeys(Event event, String idempotencyKey) {
        Channel channel = event.channel();
        Channel firehose = channel.firehose();
        return List.of(
                keys.log(channel),
                keys.top(channel),
                keys.latest(channel),
                keys.log(firehose),
                keys.top(firehose),
                keys.latest(firehose),
                keys.once(channel, idempotencyKey == null ? "" : idempotencyKey),
                keys.lease(channel.namespace()));
    }

    /** The arguments of {@code append-of.lua}. */
    Object[] appendArgs(Event event, Duration window) {
        Channel channel = event.channel();
        Namespace namespace = catalogue.namespaceOf(channel);
        return new Object[] {
            event.payload(),
            event.id(),
            event.type(),
            newEpoch(),
            keys.live(channel),
            namespace.historySize(channel),
            channel.isFirehose() ? "" : keys.live(channel.firehose()),
            namespace.firehoseHistorySize(),
            namespace.historyTtl().toMillis(),
            topTtl(namespace).toMillis(),
            window.toMillis(),
            leaseToken,
            RedisLink.RUN_ID
        };
    }

    static Accepted accepted(Response answer) {
        String outcome = answer.get(0).toString();
        if (outcome.equals("fenced")) {
            throw new FencedException();
        }
        var position = new Position(answer.get(1).toString(), answer.get(2).toLong());
        return new Accepted(answer.get(3).toString(), position, outcome.equals("repeated"));
    }

    private static History history(Channel channel, Position after, Response answer) {
        var top = new Position(answer.get(0).toString(), answer.get(1).toLong());
        Response page = answer.get(3);
        List<Entry> entries = new ArrayList<>(page.size() / 2);
        for (int i = 0; i < page.size(); i += 2) {
            Position position = top.at(page.get(i).toLong());
            entries.add(new Entry(channel, position, page.get(i + 1).toBytes()));
        }
        Position resumed = answer.get(4) == null ? null : top.at(answer.get(4).toLong());
        return History.of(after, resumed, top, answer.get(2).toLong(), entries);
    }

    private static List<Entry> newest(Channel channel, Response answer) {
        List<Entry> entries = new ArrayList<>(answer.size());
        for (int i = 0; i < answer.size(); i++) {
            entries.add(Announcement.read(channel, answer.get(i).toBytes()));
        }
        entries.sort(Comparator.comparingLong(Entry::offset));
        return entries;
    }

    static String newEpoch() {
        return Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
    }

    /** The failure of a writer whose lease another node holds: nothing was appended, and the writer must stop. */
    public static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FencedException() {
            super("the lease is not held by this writer", null, false, false);
        }
    }
}
