package dev.heliograph.access.redis;

import dev.heliograph.access.Revocation;
import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.access.RevocationStore;
import dev.heliograph.access.Revocations;
import dev.heliograph.log.Feed;
import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.log.redis.RedisLink.Script;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Revocations in a sorted set of Redis, of which every node knows a copy. A change is told by a notice over the feed. A node
 * also reads the whole set: at its start, after a break of its feed, and every minute in case a notice was lost. What is heard
 * while the set is being read is put into what was read, because the set may be older.
 *
 * <p>All fields belong to the context; any thread may call the public methods.
 */
public final class RedisRevocations implements RevocationStore, Feed.Listener {
    // docs/decisions.md: Revocations come as notices, and are read again
    private static final Script REVOKE = Script.read(RedisRevocations.class, "revoke.lua");
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration READ_INTERVAL = Duration.ofMinutes(1);
    /** The clocks of the nodes may differ: what has ended for one is kept for the others. */
    private static final Duration KEPT_AFTER_END = Duration.ofHours(1);

    private static final int PAGE = 1000;
    private static final String REVOKED = "revoked";
    private static final String LIFTED = "lifted";
    private static final String FIRST_PAGE = "0";

    private final RedisEngine redis;
    private final Keys keys;
    private final Revocations inForce;
    private final Vertx vertx;
    private final Context context;
    /** By name of {@link #nameOf}; empty for what was lifted. */
    private final Map<String, Optional<Revocation>> heardMeanwhile = new HashMap<>();

    private long timer = -1;
    private boolean isReading;
    /** Whether no notice can have been missed since the set was read. */
    private boolean isCurrent;

    private boolean isFailureTold;
    private long readAtNanos;

    /** @param revocation empty: it was lifted */
    private record Change(Kind kind, String name, Optional<Revocation> revocation) {
        static Change of(Revocation revocation) {
            return new Change(revocation.kind(), revocation.name(), Optional.of(revocation));
        }
    }

    public RedisRevocations(RedisEngine redis, Keys keys, Revocations inForce, Vertx vertx) {
        this.redis = redis;
        this.keys = keys;
        this.inForce = inForce;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    /** Reads the revocations, and follows them until {@link #close}. */
    public void start(Feed feed) {
        feed.listen(this);
        timer = vertx.setPeriodic(LOOK_INTERVAL.toMillis(), unused -> run(this::look));
        run(this::read);
    }

    public void close() {
        vertx.cancelTimer(timer);
    }

    @Override
    public Uni<Void> revoke(Revocation revocation) {
        return redis.write(link -> link.run(
                        REVOKE,
                        List.of(keys.revocations()),
                        nameOf(revocation.kind(), revocation.name()),
                        revocation.until().toEpochMilli(),
                        Instant.now().minus(KEPT_AFTER_END).toEpochMilli(),
                        Revocations.MAX,
                        keys.notices(),
                        noticeOf(revocation)))
                .invoke(answer -> {
                    if (answer.toInteger() == 0) {
                        throw Revocations.full();
                    }
                })
                .chain(() -> done(Change.of(revocation)));
    }

    @Override
    public Uni<Void> lift(Kind kind, String name) {
        String member = nameOf(kind, name);
        return redis.write(link -> link.send(Command.ZREM, keys.revocations(), member)
                        .chain(() -> link.send(Command.PUBLISH, keys.notices(), LIFTED + ' ' + member)))
                .chain(() -> done(new Change(kind, name, Optional.empty())));
    }

    @Override
    public void onDoubt() {
        run(() -> {
            isCurrent = false;
            read();
        });
    }

    @Override
    public void onNotice(String notice) {
        Change told = told(notice);
        if (told != null) {
            run(() -> hear(told));
        }
    }

    private void run(Runnable task) {
        context.runOnContext(unused -> task.run());
    }

    private Uni<Void> done(Change change) {
        return Uni.createFrom()
                .emitter(waiter -> run(() -> {
                    hear(change);
                    waiter.complete(null);
                }));
    }

    private void hear(Change change) {
        change.revocation.ifPresentOrElse(inForce::put, () -> inForce.remove(change.kind, change.name));
        if (isReading) {
            heardMeanwhile.put(nameOf(change.kind, change.name), change.revocation);
        }
    }

    private void look() {
        if (!isCurrent || System.nanoTime() - readAtNanos > READ_INTERVAL.toNanos()) {
            read();
        }
    }

    private void read() {
        if (isReading) {
            return;
        }
        isReading = true;
        // Notices that come from now on are heard; while the feed is away or deaf the set is read every second.
        boolean isHearing = redis.isHearing();
        page(FIRST_PAGE, new ArrayList<>())
                .subscribe()
                .with(read -> run(() -> take(read, isHearing)), failure -> run(() -> fail(failure)));
    }

    private Uni<List<Revocation>> page(String cursor, List<Revocation> before) {
        return redis.link()
                .send(Command.ZSCAN, keys.revocations(), cursor, "COUNT", PAGE)
                .chain(page -> {
                    add(page.get(1), before);
                    String next = page.get(0).toString();
                    return next.equals(FIRST_PAGE) ? Uni.createFrom().item(before) : page(next, before);
                });
    }

    private static void add(Response page, List<Revocation> read) {
        for (int i = 0; i + 1 < page.size(); i += 2) {
            Revocation revocation = revocation(
                    page.get(i).toString(), page.get(i + 1).toDouble().longValue());
            if (revocation != null) {
                read.add(revocation);
            }
        }
    }

    private void take(List<Revocation> read, boolean isHearing) {
        isReading = false;
        isCurrent = isHearing;
        readAtNanos = System.nanoTime();
        // In one step: between two, somebody who was just revoked would get in.
        inForce.replaceAll(withHeard(read));
        heardMeanwhile.clear();
        if (isFailureTold) {
            isFailureTold = false;
            Log.info("The revocations are read again");
        }
    }

    private Collection<Revocation> withHeard(List<Revocation> read) {
        var all = new HashMap<String, Revocation>();
        read.forEach(revocation -> all.put(nameOf(revocation.kind(), revocation.name()), revocation));
        heardMeanwhile.forEach((name, heard) ->
                heard.ifPresentOrElse(revocation -> all.put(name, revocation), () -> all.remove(name)));
        return all.values();
    }

    private void fail(Throwable failure) {
        isReading = false;
        isCurrent = false;
        heardMeanwhile.clear();
        if (!isFailureTold) {
            isFailureTold = true;
            Log.warnf(
                    "The revocations cannot be read; until they are, a node that has just started accepts no token, and others"
                            + " go on with those that they know [%s]",
                    failure.getMessage());
        }
    }

    private static String noticeOf(Revocation revocation) {
        return REVOKED + ' ' + revocation.until().toEpochMilli() + ' ' + nameOf(revocation.kind(), revocation.name());
    }

    /** Null if it is a notice of something else. */
    private static Change told(String notice) {
        if (notice.startsWith(LIFTED + ' ')) {
            Revocation lifted = revocation(notice.substring(LIFTED.length() + 1), 0);
            return lifted == null ? null : new Change(lifted.kind(), lifted.name(), Optional.empty());
        }
        String[] words = notice.split(" ", 3);
        if (words.length < 3 || !words[0].equals(REVOKED) || !words[1].matches("\\d{1,15}")) {
            return null;
        }
        Revocation revoked = revocation(words[2], Long.parseLong(words[1]));
        return revoked == null ? null : Change.of(revoked);
    }

    private static String nameOf(Kind kind, String name) {
        return kind.wireName() + ':' + name;
    }

    /** Null if it is no name of {@link #nameOf}. */
    private static Revocation revocation(String written, long untilMillis) {
        for (Kind kind : Kind.values()) {
            String prefix = kind.wireName() + ':';
            if (written.startsWith(prefix)) {
                return new Revocation(kind, written.substring(prefix.length()), Instant.ofEpochMilli(untilMillis));
            }
        }
        return null;
    }
}
