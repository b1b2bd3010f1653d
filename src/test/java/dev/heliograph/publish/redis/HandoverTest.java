package dev.heliograph.publish.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.log.redis.RedisFixture;
import dev.heliograph.log.redis.RunningRedis;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One side of a handover, told by hand what the other side says. */
class HandoverTest extends RunningRedis {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final List<String> calls = new ArrayList<>();
    private Handover handover;

    @BeforeEach
    void open() {
        handover = new Handover(Runnable::run, link, redis.keys().handover(), "b", LONGEST, new RecordingNode());
    }

    @Test
    void dropsMessagesHeardBeforeTheCutAndKeepsThoseAfter() {
        hear("LEAVING a - orders,jobs");
        assertThat(handover.wanted()).containsExactlyInAnyOrder("orders", "jobs");
        assertThat(handover.isOurs("orders")).isFalse();

        hear("CUT a b orders,jobs");

        assertThat(handover.isOurs("orders")).isTrue();
        assertThat(handover.inherited()).containsExactlyInAnyOrder("orders", "jobs");
        assertThat(calls).contains("hold back orders", "hold back jobs").doesNotContain("let append orders");
    }

    @Test
    void appendsWhenTheLeaseIsItsOwn() {
        hear("LEAVING a - orders");
        hear("CUT a b orders");
        hear("YOURS a b orders");
        assertThat(calls).contains("take leases");

        handover.won("orders");

        assertThat(calls).contains("let append orders");
        assertThat(handover.inherited()).isEmpty();
    }

    @Test
    void hearsNoMoreWhenAnotherNodeIsTheHeir() {
        hear("LEAVING a - orders");

        hear("CUT a c orders");

        assertThat(handover.wanted()).isEmpty();
        assertThat(calls).doesNotContain("hold back orders");
    }

    @Test
    void givesUpNamespacesThatNobodyHandsOver() {
        hear("LEAVING a - orders");
        hear("CUT a b orders");

        handover.giveUpLate(System.nanoTime() + LONGEST.toNanos());

        assertThat(handover.wanted()).isEmpty();
        assertThat(calls).contains("let append orders");
    }

    @Test
    void isNobodysHeirWhileItLeaves() {
        handover.leave(Set.of("jobs"), LIMIT).await().atMost(LIMIT);

        hear("LEAVING a - orders");
        hear("CUT a b orders");

        assertThat(handover.wanted()).isEmpty();
    }

    @Test
    void isNobodysHeirForNamespaceThatItDoesNotKnow() {
        hear("LEAVING a - orders,unknown");
        hear("CUT a b orders,unknown");

        assertThat(handover.wanted()).isEmpty();
        assertThat(calls).containsOnly("listen");
    }

    @Test
    void hearsOnIfRedisRefusesTheCut() {
        var acl = Command.create("ACL");
        now(link.send(acl, "SETUSER", "leaver", "reset", "on", ">x", "+@all", "~*", "&*"));
        // Itself, and the node that is ready.
        var heard = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            var connection = now(redis.client().connect());
            connection.handler(message -> {
                if (message.get(0).toString().equals("message")) {
                    heard.countDown();
                }
            });
            now(connection.send(Request.cmd(Command.SUBSCRIBE).arg(redis.keys().handover())));
        }
        String uri = server.uri().replace("redis://", "redis://leaver:x@");
        try (var limited = new RedisFixture(uri, redis.keys().prefix())) {
            var leaver = new Handover(
                    Runnable::run, limited.link(), redis.keys().handover(), "a", LONGEST, new RecordingNode());
            var heir = leaver.leave(Set.of("orders"), LIMIT).subscribeAsCompletionStage();
            await().atMost(LIMIT).until(() -> heard.getCount() == 0);
            now(link.send(acl, "SETUSER", "leaver", "-publish"));

            leaver.hear("READY b a orders".getBytes(US_ASCII));

            assertThat(heir).succeedsWithin(LIMIT).isEqualTo(Optional.empty());
            assertThat(leaver.isOurs("orders")).isTrue();
        }
    }

    @Test
    void hearsOnWhereThereIsNoHeir() {
        assertThat(handover.leave(Set.of("orders"), LIMIT).await().atMost(LIMIT))
                .isEmpty();

        assertThat(handover.isOurs("orders")).isTrue();
    }

    @Test
    void readsNamespaceThatIsNamedTwice() {
        hear("LEAVING a - orders,orders");

        assertThat(handover.wanted()).containsExactly("orders");
    }

    @Test
    void ignoresMessagesThatItDoesNotUnderstand() {
        hear("");
        hear("LEAVING a -");
        hear("GREETING a - orders");

        assertThat(calls).isEmpty();
    }

    private void hear(String note) {
        handover.hear(note.getBytes(US_ASCII));
    }

    /** Confirms at once. */
    private final class RecordingNode implements Handover.Node {
        @Override
        public void listen(Runnable whenConfirmed) {
            calls.add("listen");
            whenConfirmed.run();
        }

        @Override
        public void holdBack(String namespace) {
            calls.add("hold back " + namespace);
        }

        @Override
        public void letAppend(String namespace) {
            calls.add("let append " + namespace);
        }

        @Override
        public void takeLeases() {
            calls.add("take leases");
        }

        @Override
        public boolean knows(Set<String> namespaces) {
            return Set.of("orders", "jobs").containsAll(namespaces);
        }
    }
}
