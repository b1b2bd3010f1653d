package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Connections.Transport;
import dev.heliograph.event.Catalogue;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final Identity ANN = new Identity("ann", null, null, null, Grants.of(Map.of(), false, "ann"));

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void refusesOneMoreThanAddressMayHave() {
        Connections connections = connections(0, 2, 0);
        enter(connections, at("a"));
        Connections.Place place = enter(connections, at("a"));

        assertRefused(connections, at("a"), ProblemType.TOO_MANY_CONNECTIONS, "connections-address");
        enter(connections, at("b"));
        place.leave();
        place.leave();
        enter(connections, at("a"));
        assertRefused(connections, at("a"), ProblemType.TOO_MANY_CONNECTIONS, "connections-address");
    }

    @Test
    void refusesOneMoreThanSubjectMayHave() {
        Connections connections = connections(0, 0, 1);
        Connections.Place place = enter(connections, ann("a"));

        assertRefused(connections, ann("b"), ProblemType.TOO_MANY_CONNECTIONS, "connections-subject");
        enter(connections, at("a"));
        place.leave();
        enter(connections, ann("b"));
    }

    /** A refusal counts nothing, otherwise the place would be lost. */
    @Test
    void refusesOneMoreThanNodeMayHave() {
        Connections connections = connections(2, 1, 0);
        enter(connections, at("a"));
        for (int i = 0; i < 5; i++) {
            assertRefused(connections, at("a"), ProblemType.TOO_MANY_CONNECTIONS, "connections-address");
        }
        enter(connections, at("b"));

        assertRefused(connections, at("c"), ProblemType.NODE_FULL, "connections-node");
    }

    @Test
    void countsRightWhileManyComeAndGo() throws InterruptedException {
        Connections connections = connections(3, 0, 0);
        var present = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 20_000; i++) {
                    try {
                        Connections.Place place = enter(connections, at("a"));
                        most.accumulateAndGet(present.incrementAndGet(), Math::max);
                        present.decrementAndGet();
                        place.leave();
                    } catch (RuntimeException full) {
                        Thread.onSpinWait();
                    }
                }
            });
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isLessThanOrEqualTo(3);
        for (int i = 0; i < 3; i++) {
            enter(connections, at("a"));
        }
    }

    @Test
    void countsConnectionOfOneWhoSaysLaterWhoItIs() {
        Connections connections = connections(0, 0, 1);
        Connections.Place first = enter(connections, at("a"));
        Connections.Place second = enter(connections, at("a"));
        first.becomes(ANN);
        first.becomes(ANN);

        assertThatThrownBy(() -> second.becomes(ANN))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.TOO_MANY_CONNECTIONS);
        first.leave();
        second.becomes(ANN);
        assertRefused(connections, ann("b"), ProblemType.TOO_MANY_CONNECTIONS, "connections-subject");
    }

    @Test
    void oneThatHasEndedIsNotCountedAgain() {
        Connections connections = connections(0, 0, 1);
        Connections.Place place = enter(connections, at("a"));

        place.leave();
        place.becomes(ANN);

        enter(connections, ann("a"));
    }

    @Test
    void countsWhatOtherNodesHaveUntilTheyAreSilent() {
        Connections connections = connections(0, 5, 3);
        connections.elsewhere().hear("b", new Tally(Map.of("a", 4), Map.of("sub ann", 1)), 0);
        connections.elsewhere().hear("c", new Tally(Map.of(), Map.of("sub ann", 1)), 9);

        enter(connections, ann("a"));

        assertRefused(connections, at("a"), ProblemType.TOO_MANY_CONNECTIONS, "connections-address");
        assertRefused(connections, ann("d"), ProblemType.TOO_MANY_CONNECTIONS, "connections-subject");
        connections.elsewhere().forget(Duration.ofNanos(8), 10);
        enter(connections, ann("a"));
        assertRefused(connections, ann("d"), ProblemType.TOO_MANY_CONNECTIONS, "connections-subject");
    }

    @Test
    void tellsOtherNodesOfThoseWhoHaveTenthOfWhatIsAllowed() {
        Connections connections = connections(0, 20, 0);
        enter(connections, at("a"));
        enter(connections, at("b"));
        enter(connections, ann("b"));

        assertThat(connections.tally()).isEqualTo(new Tally(Map.of("b", 2), Map.of()));
    }

    @Test
    void showsHowManyAreOpenByTransport() {
        Connections connections = connections(1, 0, 0);
        Connections.Place place = connections.enter(at("a"), Transport.SSE);
        assertRefused(connections, at("b"), ProblemType.NODE_FULL, "connections-node");

        assertThat(open("sse")).isEqualTo(1);
        assertThat(open("websocket")).isZero();
        place.leave();
        place.leave();
        assertThat(open("sse")).isZero();
    }

    private double open(String transport) {
        return metrics.get("heliograph_access_connections")
                .tag("transport", transport)
                .gauge()
                .value();
    }

    private static Connections.Place enter(Connections connections, Caller caller) {
        return connections.enter(caller, Transport.WEBSOCKET);
    }

    private void assertRefused(Connections connections, Caller caller, ProblemType type, String policy) {
        double before = refusals(policy);
        assertThatThrownBy(() -> enter(connections, caller))
                .hasFieldOrPropertyWithValue("problem.type", type)
                .extracting("problem.retryAfter")
                .isNotNull();
        assertThat(refusals(policy)).isEqualTo(before + 1);
    }

    private double refusals(String policy) {
        return metrics.get("heliograph_access_refusals")
                .tag("policy", policy)
                .counter()
                .count();
    }

    private static Caller at(String address) {
        return Caller.anonymous(new Catalogue(List.of()), false, address);
    }

    private static Caller ann(String address) {
        return at(address).as(ANN);
    }

    private Connections connections(int most, int perAddress, int perSubject) {
        return Connections.of(new Limits(most, perAddress, perSubject), metrics);
    }

    private record Limits(int maxConnections, int maxConnectionsPerAddress, int maxConnectionsPerSubject)
            implements LimitsConfig {
        @Override
        public Rate publish() {
            return null;
        }

        @Override
        public Rate poll() {
            return null;
        }

        @Override
        public Rate connect() {
            return null;
        }

        @Override
        public Rate accept() {
            return null;
        }

        @Override
        public int maxClients() {
            return 1;
        }

        @Override
        public boolean countAllNodes() {
            return true;
        }
    }
}
