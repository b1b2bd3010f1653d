package dev.heliograph.log.redis;

import dev.heliograph.log.redis.ScriptMonitor.Ran;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that may make Redis refuse a command of the user {@code limited}, with the password {@code x}. */
final class RedisFaults {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Command ACL = Command.create("ACL");
    private static final Command REPLICAOF = Command.create("REPLICAOF");
    private static final String ASIDE = "aside";

    private final RedisLink admin;

    record Fault(String name, Runnable arise, Runnable cease) {}

    RedisFaults(RedisLink admin) {
        this.admin = admin;
    }

    /**
     * Those that hit the commands, keys and channels that scripts used, one after another.
     *
     * @param hasSelectors whether Redis gives rights by command and key, as it does from version 7
     */
    List<Fault> of(List<Ran> ran, boolean hasSelectors) {
        List<String> commands = each(ran.stream(), Ran::command);
        List<String> keys =
                each(ran.stream().filter(one -> !one.isPublish() && !one.name().isEmpty()), Ran::name);
        List<String> channels = each(ran.stream().filter(Ran::isPublish), Ran::name);
        Runnable heal = this::letAll;
        List<Fault> faults = new ArrayList<>();
        for (String command : commands) {
            faults.add(new Fault("may not run " + command, () -> let("~*", "&*", "+@all", "-" + command), heal));
        }
        for (String key : keys) {
            faults.add(new Fault("may not use " + key, () -> let(allBut(keys, key, "~", "+@all", "&*")), heal));
            faults.add(new Fault(key + " is of another type", () -> spoil(key), () -> restore(key)));
        }
        for (String channel : channels) {
            faults.add(new Fault(
                    "may not publish to " + channel, () -> let(allBut(channels, channel, "&", "+@all", "~*")), heal));
        }
        if (hasSelectors) {
            List<String> pairs = each(ran.stream(), RedisFaults::selector);
            for (String pair : pairs) {
                faults.add(new Fault(
                        "may all but " + pair, () -> let(allBut(pairs, pair, "", "~*", "-@all", "+@scripting")), heal));
            }
        }
        faults.add(new Fault("is full", () -> set("maxmemory", "1"), () -> set("maxmemory", "0")));
        faults.add(new Fault(
                "has no replicas", () -> set("min-replicas-to-write", "1"), () -> set("min-replicas-to-write", "0")));
        faults.add(new Fault(
                "is a replica",
                () -> now(admin.send(REPLICAOF, "127.0.0.1", "1")),
                () -> now(admin.send(REPLICAOF, "NO", "ONE"))));
        return faults;
    }

    /** Gives the user all rights. */
    void letAll() {
        let("+@all", "~*", "&*");
    }

    private void let(String... rules) {
        let(List.of(rules));
    }

    /** Gives the user these rights and no others. */
    private void let(Collection<String> rules) {
        List<Object> args = new ArrayList<>(List.of("SETUSER", "limited", "reset", "on", ">x", "resetchannels"));
        args.addAll(rules);
        now(admin.send(ACL, args.toArray()));
    }

    private void set(String option, String value) {
        now(admin.send(Command.CONFIG, "SET", option, value));
    }

    private void spoil(String key) {
        now(admin.send(Command.EXISTS, key)
                .chain(exists -> exists.toInteger() == 0
                        ? admin.send(Command.TYPE, key)
                        : admin.send(Command.RENAME, key, ASIDE)));
        now(
                key.contains(":once:") || key.endsWith(":lease")
                        ? admin.send(Command.HSET, key, "of", "another type")
                        : admin.send(Command.SET, key, "of another type"));
    }

    private void restore(String key) {
        now(admin.send(Command.DEL, key));
        now(admin.send(Command.EXISTS, ASIDE)
                .chain(exists -> exists.toInteger() == 0
                        ? admin.send(Command.TYPE, key)
                        : admin.send(Command.RENAME, ASIDE, key)));
    }

    private static List<String> each(Stream<Ran> ran, Function<Ran, String> part) {
        return ran.map(part).distinct().toList();
    }

    private static String selector(Ran ran) {
        String sign = ran.isPublish() ? " &" : " ~";
        List<String> names = ran.command().equals("EXISTS")
                ? ran.args().subList(1, ran.args().size())
                : List.of(ran.name());
        return names.stream()
                .filter(name -> !name.isEmpty())
                .map(sign::concat)
                .collect(Collectors.joining("", "(+" + ran.command().toLowerCase(Locale.ROOT), ")"));
    }

    /** @param sign what stands before the name of each */
    private static List<String> allBut(List<String> all, String one, String sign, String... others) {
        return Stream.concat(
                        Stream.of(others),
                        all.stream().filter(each -> !each.equals(one)).map(each -> sign + each))
                .toList();
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
