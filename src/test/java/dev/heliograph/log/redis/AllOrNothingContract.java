package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.redis.RedisFaults.Fault;
import dev.heliograph.log.redis.RedisLink.Script;
import dev.heliograph.log.redis.ScriptMonitor.Ran;
import dev.heliograph.publish.redis.RawIngest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A script does all of it or nothing, whatever Redis refuses, and once when it is repeated. The commands, keys and channels
 * that are refused in turn are those that Redis saw the script use.
 */
abstract class AllOrNothingContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String TYPE = "order.updated";
    private static final Catalogue CATALOGUE =
            new Catalogue(List.of(Namespaces.withDocumentTtl("orders", Duration.ofHours(2), TYPE)));
    private static final Channel CHANNEL = new Channel("orders-1");

    /** Each class starts the one that it is about, which is a process of its own. */
    static RedisServer server;

    private RedisFixture trusted;
    private RedisFixture limited;
    private RedisLink admin;
    private RedisFaults redisFaults;
    private Node before;
    private Node tried;
    private ScriptMonitor monitor;
    private Expected present;

    /** What is done, and what was done before it. */
    private record Deed(String name, Function<Node, Uni<?>> before, Function<Node, Uni<?>> done) {
        /** Whether a repeat of it is a second one. */
        boolean isWithoutKey() {
            return name.contains("without a key");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Node(
            RedisFixture redis, RedisEventLog log, RedisDocumentLog documents, RedisLink link, String function) {
        static Node of(RedisFixture redis) {
            RedisEventLog log = redis.log(CATALOGUE);
            RedisLink link = redis.link();
            var function = new PublishFunction(link, redis.config(), CATALOGUE);
            boolean isOffered = now(function.load());
            return new Node(redis, log, log.documents(), link, isOffered ? function.name() : null);
        }

        Uni<Accepted> append(Channel channel, String key) {
            byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
            return log.append(new Event(idOf(key), channel, TYPE, Instant.EPOCH, data), key);
        }

        Uni<?> change(String json, Expected expected, String key) {
            byte[] data = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
            return documents.change(new DocumentChange(idOf(key), CHANNEL, TYPE, Instant.EPOCH, data), expected, key);
        }

        private static String idOf(String key) {
            return key == null ? "key" : key;
        }

        Uni<?> run(String script, Object... args) {
            return link.run(
                    Script.read(RawIngest.class, script), List.of(redis.keys().lease("orders")), args);
        }

        Uni<?> call() {
            return link.send(
                    Command.create("FCALL"), function, 1, CHANNEL.name(), TYPE, "{}", "key", "1970-01-01T00:00:00Z");
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        trusted = new RedisFixture(server.uri(), "t");
        admin = trusted.link();
        redisFaults = new RedisFaults(admin);
        redisFaults.letAll();
        limited = new RedisFixture(server.uri().replace("redis://", "redis://limited:x@"), "t");
        before = Node.of(trusted);
        tried = Node.of(limited);
        monitor = new ScriptMonitor(server);
    }

    @AfterEach
    void close() throws IOException {
        monitor.close();
        limited.close();
        trusted.close();
    }

    private Stream<Deed> deeds() {
        Function<Node, Uni<?>> nothing = node -> Uni.createFrom().voidItem();
        Function<Node, Uni<?>> appended = node -> node.append(CHANNEL, "first");
        Function<Node, Uni<?>> written = node -> node.change("{\"n\":1}", Expected.NOTHING, "first");
        Stream<Deed> all = Stream.of(
                new Deed("first append", nothing, node -> node.append(CHANNEL, "key")),
                new Deed(
                        "first append beside another channel",
                        node -> node.append(new Channel("orders-2"), "first"),
                        node -> node.append(CHANNEL, "key")),
                new Deed("later append", appended, node -> node.append(CHANNEL, "key")),
                new Deed("first append without a key", nothing, node -> node.append(CHANNEL, null)),
                new Deed("later append without a key", appended, node -> node.append(CHANNEL, null)),
                new Deed("append to the firehose", appended, node -> node.append(CHANNEL.firehose(), "key")),
                new Deed(
                        "append after the top was evicted",
                        node -> appended.apply(node)
                                .chain(() -> node.link.send(
                                        Command.DEL, node.redis.keys().top(CHANNEL))),
                        node -> node.append(CHANNEL, "key")),
                new Deed(
                        "append to logs whose tops were set back",
                        setBack(CHANNEL, CHANNEL.firehose()),
                        node -> node.append(CHANNEL, "key")),
                new Deed(
                        "append after the channel's top was set back",
                        setBack(CHANNEL),
                        node -> node.append(CHANNEL, "key")),
                new Deed(
                        "append after the firehose's top was set back",
                        setBack(CHANNEL.firehose()),
                        node -> node.append(CHANNEL, "key")),
                new Deed(
                        "append without a key after the firehose's top was set back",
                        setBack(CHANNEL.firehose()),
                        node -> node.append(CHANNEL, null)),
                new Deed(
                        "append after the history was evicted",
                        node -> appended.apply(node)
                                .chain(() -> node.link.send(
                                        Command.DEL,
                                        node.redis.keys().log(CHANNEL),
                                        node.redis.keys().latest(CHANNEL))),
                        node -> node.append(CHANNEL, "key")),
                new Deed(
                        "append after a restart of Redis",
                        node -> appended.apply(node)
                                .chain(() -> node.link.send(
                                        Command.HSET, node.redis.keys().top(CHANNEL), "r", "gone"))
                                .chain(() -> node.link.send(
                                        Command.HSET, node.redis.keys().top(CHANNEL.firehose()), "r", "gone")),
                        node -> node.append(CHANNEL, "key")),
                new Deed("first document", nothing, node -> node.change("{\"n\":2}", Expected.NOTHING, "key")),
                new Deed("change of a document", written, node -> node.change("{\"n\":2}", present, "key")),
                new Deed("end of a document", written, node -> node.change(null, present, "key")),
                new Deed(
                        "first document without a key",
                        nothing,
                        node -> node.change("{\"n\":2}", Expected.NOTHING, null)),
                new Deed("read of an unused channel", nothing, node -> node.log.since(CHANNEL, null, 10)),
                new Deed(
                        "read after the top was evicted",
                        node -> appended.apply(node)
                                .chain(() -> node.link.send(
                                        Command.DEL, node.redis.keys().top(CHANNEL))),
                        node -> node.log.since(CHANNEL, null, 10)),
                new Deed("first lease", nothing, node -> node.run("hold.lua", "me", 60_000)),
                new Deed(
                        "renewal of a lease",
                        node -> node.run("hold.lua", "me", 60_000),
                        node -> node.run("hold.lua", "me", 90_000)),
                new Deed(
                        "release of a lease",
                        node -> node.run("hold.lua", "me", 60_000),
                        node -> node.run("release.lua", "me")),
                new Deed("read of no document", nothing, node -> node.documents.snapshot(CHANNEL)));
        Stream<Deed> called =
                Stream.of(new Deed("first call", nothing, Node::call), new Deed("later call", appended, Node::call));
        return tried.function == null ? all : Stream.concat(all, called);
    }

    /** Appends twice and sets these tops back by one, as somebody does by hand. */
    private static Function<Node, Uni<?>> setBack(Channel... channels) {
        return node -> {
            Uni<?> all = node.append(CHANNEL, "first").chain(() -> node.append(CHANNEL, "second"));
            for (Channel channel : channels) {
                all = all.chain(
                        () -> node.link.send(Command.HSET, node.redis.keys().top(channel), "o", "1"));
            }
            return all;
        };
    }

    @TestFactory
    Stream<DynamicTest> doesAllOrNothingWhateverRedisRefuses() {
        return deeds().map(deed -> DynamicTest.dynamicTest(deed.name, () -> {
            prepare(deed);
            List<Ran> ran = watch(() -> assertThat(failureOf(deed)).isNull());
            List<String> done = picture(ran);
            List<Fault> faults = redisFaults.of(ran, tried.function != null);
            assertThat(faults).hasSizeGreaterThan(6);
            for (Fault fault : faults) {
                prepare(deed);
                List<String> start = picture(List.of());

                fault.arise().run();
                Throwable[] failure = new Throwable[1];
                List<Ran> attempted = watch(() -> failure[0] = failureOf(deed));
                fault.cease().run();

                List<String> after = picture(attempted);
                if (failure[0] == null) {
                    assertThat(after).as(deed + ", " + fault.name()).isEqualTo(done);
                    if (deed.isWithoutKey()) {
                        continue;
                    }
                } else {
                    assertThat(after)
                            .as(deed + ", " + fault.name() + ": " + failure[0])
                            .isEqualTo(start);
                }
                List<Ran> repeated = watch(() -> assertThat(failureOf(deed))
                        .as(deed + ", " + fault.name())
                        .isNull());
                repeated.addAll(attempted);
                assertThat(picture(repeated))
                        .as(deed + ", " + fault.name() + ", repeated")
                        .isEqualTo(done);
            }
        }));
    }

    @Test
    void tellsRepeatTheNewLifeThatBeganAfterTheTopWasSetBack() {
        now(admin.send(Command.FLUSHALL));
        now(setBack(CHANNEL).apply(before));

        Accepted first = now(before.append(CHANNEL, "key"));

        assertThat(first.position().offset()).isEqualTo(1);
        assertThat(now(before.append(CHANNEL, "key"))).isEqualTo(new Accepted(first.id(), first.position(), true));
    }

    private void prepare(Deed deed) {
        now(admin.send(Command.FLUSHALL));
        now(deed.before.apply(before));
        present = now(before.documents.earlier(CHANNEL, "first"))
                .map(accepted -> Expected.version(accepted.position()))
                .orElse(null);
    }

    /** What the scripts ran meanwhile. */
    private List<Ran> watch(Runnable deed) throws IOException {
        monitor.upTo(mark());
        deed.run();
        return new ArrayList<>(monitor.upTo(mark()));
    }

    private String mark() {
        String mark = UUID.randomUUID().toString();
        now(admin.send(Command.ECHO, mark));
        return mark;
    }

    private Throwable failureOf(Deed deed) {
        return deed.done
                .apply(tried)
                .onItemOrFailure()
                .transform((item, failure) -> failure)
                .await()
                .atMost(LIMIT);
    }

    private List<String> picture(List<Ran> ran) {
        return RedisPicture.of(admin, ran);
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
