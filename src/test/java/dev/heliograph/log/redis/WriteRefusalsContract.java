package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of a Redis that answers but refuses writes. */
abstract class WriteRefusalsContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));

    /** Each class starts the one that it is about, which is a process of its own. */
    static RedisServer server;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<String> said = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            said.add(line.getLevel() + " " + line.getMessage() + Arrays.toString(line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger(WriteRefusals.class.getName());
    private RedisFixture trusted;
    private RedisFixture limited;
    private RedisLink admin;
    private WriteRefusals refusals;
    private GuardedEventLog log;

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        logger.addHandler(handler);
        trusted = new RedisFixture(server);
        admin = trusted.link();
        let("+@all");
        limited = new RedisFixture(
                server.uri().replace("redis://", "redis://limited:x@"),
                trusted.keys().prefix());
        refusals = limited.refusals(CATALOGUE, metrics);
        log = new GuardedEventLog(limited.log(CATALOGUE, refusals), new RedisGuard());
        now(append());
    }

    @AfterEach
    void close() {
        logger.removeHandler(handler);
        limited.close();
        trusted.close();
    }

    @Test
    void saysThatRedisIsFull() {
        saysOnce("OOM command not allowed", "oom", () -> set("maxmemory", "1"), () -> set("maxmemory", "0"));
    }

    @Test
    void fullRedisTakesNoEventAndNoDocument() {
        now(admin.send(Command.PEXPIRE, trusted.keys().log(new Channel("orders-1")), "100000"));
        now(admin.send(Command.PEXPIRE, trusted.keys().log(new Channel("orders")), "100000"));
        set("maxmemory", "1");
        byte[] data = "{}".getBytes(UTF_8);
        var event = new Event("fading", new Channel("orders-1"), "order.updated", Instant.EPOCH, data);
        var first = new Event("first", new Channel("orders-2"), "order.updated", Instant.EPOCH, data);
        var change = new DocumentChange("d", new Channel("orders-1"), "order.updated", Instant.EPOCH, data);
        RedisEventLog unguarded = limited.log(CATALOGUE, refusals);

        for (String key : Arrays.asList(null, "key")) {
            assertThatThrownBy(() -> now(unguarded.append(event, key))).hasMessageContaining("OOM");
            assertThatThrownBy(() -> now(unguarded.append(first, key))).hasMessageContaining("OOM");
            assertThatThrownBy(() -> now(unguarded.documents().change(change, Expected.NOTHING, key)))
                    .hasMessageContaining("OOM");
        }

        set("maxmemory", "0");
    }

    @Test
    void saysThatRedisIsReadOnly() {
        saysOnce(
                "READONLY You can't write against a read only replica",
                "readonly",
                () -> now(admin.send(Command.create("REPLICAOF"), "127.0.0.1", "1")),
                () -> now(admin.send(Command.create("REPLICAOF"), "NO", "ONE")));
    }

    @Test
    void saysThatRedisCannotPersist() {
        saysOnce(
                "MISCONF Redis is configured to save RDB snapshots, but it",
                "misconf",
                server::breakSnapshots,
                server::mendSnapshots);
    }

    @Test
    void saysThatARightIsMissing() {
        saysOnce("", "noperm", () -> let("+@all", "-xadd"), () -> let("+@all"));
        assertThat(said.get(0)).containsAnyOf("NOPERM this user may not run XADD on ");
    }

    @Test
    void staysReadyWhereRightForOneChannelIsMissing() {
        Keys keys = trusted.keys();
        let(
                "+@all",
                "resetchannels",
                "&" + keys.live(new Channel("orders")),
                "&" + keys.live(new Channel("orders-check")));

        assertThat(problemOfAppend().detail()).contains("NOPERM", "PUBLISH on " + keys.live(new Channel("orders-1")));

        assertThat(said).isEmpty();
        assertThat(refusals.last()).isNull();
    }

    @Test
    void hearsOfTheEndOnlyFromItsNamespace() {
        set("maxmemory", "1");
        problemOfAppend();
        set("maxmemory", "0");

        now(refusals.watch(new Channel("jobs-1"), Uni.createFrom().item("written")));

        assertThat(refusals.last().words()).contains("OOM");
        assertThat(said).hasSize(1);
    }

    @Test
    void saysNothingOfAKeyOfAnotherType() {
        trusted.spoil(new Channel("orders-1"), "log");

        problemOfAppend();

        assertThat(said).isEmpty();
        assertThat(refusals.last()).isNull();
    }

    @Test
    void hearsOfTheEndFromAWrite() {
        set("maxmemory", "1");
        problemOfAppend();
        set("maxmemory", "0");

        now(append());

        assertThat(refusals.last()).isNull();
        assertThat(said).hasSize(2);
    }

    void saysOnce(String words, String tag, Runnable arise, Runnable cease) {
        arise.run();
        Problem first = problemOfAppend();
        problemOfAppend();
        now(refusals.probe());

        assertThat(first.type()).isEqualTo(ProblemType.LOG_UNAVAILABLE);
        assertThat(first.detail()).contains(words);
        assertThat(said).singleElement().asString().startsWith("WARN").contains(words);
        assertThat(refusals.last().words()).contains(words);
        assertThat(metrics.get("heliograph_log_refused_writes")
                        .tag("reason", tag)
                        .counter()
                        .count())
                .isEqualTo(2);

        cease.run();
        now(refusals.probe());

        assertThat(refusals.last()).isNull();
        assertThat(said).hasSize(2).last().asString().startsWith("INFO").contains("takes writes again");
        now(append());
        assertThat(said).hasSize(2);
    }

    void set(String option, String value) {
        now(admin.send(Command.CONFIG, "SET", option, value));
    }

    private void let(String... commands) {
        List<Object> args = new ArrayList<>(List.of("SETUSER", "limited", "reset", "on", ">x", "~*", "&*"));
        args.addAll(List.of(commands));
        now(admin.send(Command.create("ACL"), args.toArray()));
    }

    private Uni<?> append() {
        byte[] data = "{}".getBytes(UTF_8);
        String id = UUID.randomUUID().toString();
        return log.append(new Event(id, new Channel("orders-1"), "order.updated", Instant.EPOCH, data), id);
    }

    private Problem problemOfAppend() {
        return now(append().onItemOrFailure()
                .transform((accepted, failure) -> failure instanceof ProblemException told ? told.problem() : null));
    }

    static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
