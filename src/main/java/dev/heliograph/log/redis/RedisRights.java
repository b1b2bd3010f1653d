package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.redis.RedisLink.Script;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rights that the gateway's user needs in Redis: those of docs/operations.md. Redis 6.2 shows only the rights that a
 * script may try without an effect. Any thread may call.
 */
final class RedisRights {
    private static final Script MISSING = Script.read(RedisRights.class, "missing-rights.lua");
    private static final int SHOWN = 12;
    /** For commands that always change something, or that scripts may not run. */
    private static final String NOT_TRIED = "-";

    private final RedisLink link;
    private final Catalogue catalogue;
    private final Keys keys;
    private volatile List<String> told = List.of();

    public RedisRights(RedisLink link, RedisEngine.Config config, Catalogue catalogue) {
        this.link = link;
        this.catalogue = catalogue;
        this.keys = new Keys(config.prefix());
    }

    /**
     * Warns of the missing rights in one line; says nothing if they are the same as the last time.
     *
     * @return the missing rights, each as a command and its purpose
     */
    public Uni<List<String>> tellMissing() {
        return missing(needed()).invoke(this::tell);
    }

    /** Whether the user may append to all channels and change all documents, as far as Redis shows it. */
    Uni<Boolean> mayWrite() {
        List<String> needed = new ArrayList<>();
        addChannels(needed);
        return missing(needed).map(List::isEmpty);
    }

    private Uni<List<String>> missing(List<String> needed) {
        return link.run(MISSING, List.of(), needed.toArray())
                .map(RedisRights::missing)
                .onFailure(RedisFailure::isRefused)
                .recoverWithItem(refusal -> List.of("EVAL, EVALSHA (" + refusal.getMessage() + ")"));
    }

    private void tell(List<String> missing) {
        if (missing.equals(told)) {
            return;
        }
        told = missing;
        if (missing.isEmpty()) {
            Log.info("The gateway's Redis user has all rights that it needs");
            return;
        }
        Log.warnf(
                "The gateway's Redis user lacks rights, docs/operations.md has its whole ACL line [%s%s]",
                missing.stream().limit(SHOWN).collect(Collectors.joining("; ")),
                missing.size() > SHOWN ? "; and " + (missing.size() - SHOWN) + " more" : "");
    }

    private static List<String> missing(Response answer) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < answer.size(); i += 2) {
            missing.add(answer.get(i) + " on " + answer.get(i + 1));
        }
        return List.copyOf(missing);
    }

    /** Command, first argument, other arguments, of each. */
    private List<String> needed() {
        List<String> needed =
                new ArrayList<>(List.of("PING", "check", "", "INFO", "server", "", "FUNCTION", "LOAD", NOT_TRIED));
        for (String pubSub : List.of(keys.notices(), keys.probe("check"))) {
            needed.addAll(List.of("PUBLISH", pubSub, "?", "SUBSCRIBE", pubSub, NOT_TRIED));
        }
        for (String letters : List.of(keys.deadLetters(), keys.fencedLetters())) {
            needed.addAll(List.of("XADD", letters, "? p v"));
        }
        String ticket = keys.ticket("check");
        needed.addAll(List.of("SET", ticket, "v NX XX", "GETDEL", ticket, ""));
        String revocations = keys.revocations();
        needed.addAll(List.of("ZADD", revocations, "x v", "ZREM", revocations, "v", "ZSCAN", revocations, "0"));
        needed.addAll(List.of("ZCARD", revocations, "", "ZSCORE", revocations, "v"));
        needed.addAll(List.of("ZREMRANGEBYSCORE", revocations, "1 0"));
        for (Namespace namespace : catalogue.namespaces()) {
            String name = namespace.name();
            addLease(keys.lease(name), needed);
            needed.addAll(List.of("SET", keys.writable(name), "v NX XX"));
            needed.addAll(List.of("SUBSCRIBE", name, NOT_TRIED, "PSUBSCRIBE", name + "-*", NOT_TRIED));
        }
        addChannels(needed);
        addLog(Catalogue.PROBES, needed);
        return needed;
    }

    private void addChannels(List<String> needed) {
        for (Namespace namespace : catalogue.namespaces()) {
            addChannel(catalogue.channel(namespace.name()), needed);
            addChannel(catalogue.channel(namespace.name() + "-check"), needed);
        }
    }

    private static void addLease(String lease, List<String> needed) {
        needed.addAll(
                List.of("GET", lease, "", "SET", lease, "v NX XX", "PEXPIRE", lease, "?", "DEL", lease, NOT_TRIED));
    }

    private void addChannel(Channel channel, List<String> needed) {
        addLog(channel, needed);
        String document = keys.document(channel);
        needed.addAll(List.of("HGET", document, "f", "HMGET", document, "f"));
        needed.addAll(List.of("HSET", document, "f v f", "PEXPIRE", document, "?"));
        String once = keys.once(channel, "check");
        needed.addAll(List.of("EXISTS", once, "", "GET", once, "", "SET", once, "v NX XX"));
    }

    private void addLog(Channel channel, List<String> needed) {
        String log = keys.log(channel);
        String top = keys.top(channel);
        String latest = keys.latest(channel);
        String live = keys.live(channel);
        needed.addAll(List.of("XADD", log, "? p v", "XLEN", log, "", "XRANGE", log, "- + COUNT 0"));
        needed.addAll(List.of("EXISTS", log, "", "PTTL", log, "", "PEXPIRE", log, "?"));
        needed.addAll(List.of("EXISTS", top, "", "HMGET", top, "e", "HSET", top, "f v f", "PEXPIRE", top, "?"));
        needed.addAll(List.of(
                "EXISTS", latest, "", "HLEN", latest, "", "HVALS", latest, "", "HSET", latest, "f v f", "PEXPIRE",
                latest, "?"));
        needed.addAll(List.of("PUBLISH", live, "?", "SUBSCRIBE", live, NOT_TRIED));
    }
}
