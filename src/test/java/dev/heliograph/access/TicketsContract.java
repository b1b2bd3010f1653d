package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.heliograph.access.Tickets.Ticket;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for tickets, wherever they are kept. */
public abstract class TicketsContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Identity ALICE = new Identity(
            "alice",
            "t-1",
            null,
            Instant.parse("2040-01-02T03:04:05Z"),
            Grants.of(
                    Map.of(Action.SUBSCRIBE, List.of("notes-{sub}", "orders-eu-*"), Action.READ, List.of("orders.*")),
                    false,
                    "alice"));

    /** What one node has; the stores of all calls in a test share their tickets. */
    protected abstract TicketStore store();

    private Tickets node() {
        return new Tickets(store());
    }

    @Test
    public void carriesIdentityToAnotherNode() {
        Ticket ticket = now(node().issue(ALICE));

        Identity found = now(node().redeem(ticket.ticket()));

        assertThat(found).usingRecursiveComparison().ignoringFields("grants").isEqualTo(ALICE);
        assertThat(found.grants().isAdmin()).isFalse();
        assertThat(found.grants().allow(Action.SUBSCRIBE, new Channel("notes-alice")))
                .isTrue();
        assertThat(found.grants().allow(Action.SUBSCRIBE, new Channel("orders-eu-7")))
                .isTrue();
        assertThat(found.grants().allow(Action.READ, new Channel("orders"))).isTrue();
        assertThat(found.grants().allow(Action.READ, new Channel("notes-alice")))
                .isFalse();
        assertThat(found.grants().allow(Action.SUBSCRIBE, new Channel("notes-bob")))
                .isFalse();
    }

    @Test
    public void carriesApiKeyThatNeverExpires() {
        var key = new Identity("backend", null, "backend", null, Grants.ADMIN);

        Identity found = now(node().redeem(now(node().issue(key)).ticket()));

        assertThat(found).usingRecursiveComparison().ignoringFields("grants").isEqualTo(key);
        assertThat(found.grants().isAdmin()).isTrue();
    }

    @Test
    public void isSpentByFirstUse() {
        String ticket = now(node().issue(ALICE)).ticket();
        now(node().redeem(ticket));

        assertNotValid(node(), ticket);
    }

    @Test
    public void letsOneOfManyAtOnceIn() {
        String ticket = now(node().issue(ALICE)).ticket();
        var nodes = List.of(node(), node());
        var let = new AtomicInteger();
        var ended = new AtomicInteger();

        IntStream.range(0, 50).forEach(i -> nodes.get(i % 2)
                .redeem(ticket)
                .onTermination()
                .invoke(ended::incrementAndGet)
                .subscribe()
                .with(found -> let.incrementAndGet(), refused -> {}));

        await().atMost(LIMIT).untilAtomic(ended, is(50));
        assertThat(let).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    public void refusesWhatIsNoOpenTicket(String ticket) {
        assertNotValid(node(), ticket);
    }

    @Test
    public void is256RandomBits() {
        Tickets node = node();
        Set<String> many = IntStream.range(0, 100)
                .mapToObj(i -> now(node.issue(ALICE)).ticket())
                .collect(Collectors.toSet());

        assertThat(many).hasSize(100).allMatch(ticket -> ticket.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    public void saysWhenItExpires() {
        var clock = new ManualClock();

        assertThat(now(new Tickets(store(), clock).issue(ALICE)).expires())
                .isBetween(clock.instant().plusSeconds(29), clock.instant().plusSeconds(30));
    }

    private static void assertNotValid(Tickets node, String ticket) {
        assertThatThrownBy(() -> now(node.redeem(ticket))).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_TOKEN);
            // The same for all, so that nobody learns which tickets there were; and nobody reads them in logs.
            assertThat(refused.problem().detail())
                    .isEqualTo("the ticket is not valid, expected one that POST /api/realtime/tickets answered"
                            + " within the last 30 seconds and that nobody has used");
        });
    }

    protected static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
