package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heliograph.fixture.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private final ManualTime time = new ManualTime();

    private record Config(Rate publish, Rate poll, Rate connect, int maxClients) implements LimitsConfig {
        @Override
        public Rate accept() {
            return rate(0, 0);
        }

        @Override
        public int maxConnections() {
            return 0;
        }

        @Override
        public int maxConnectionsPerAddress() {
            return 0;
        }

        @Override
        public int maxConnectionsPerSubject() {
            return 0;
        }

        @Override
        public boolean countAllNodes() {
            return false;
        }
    }

    private record OneRate(int requestsPerSecond, int burst) implements LimitsConfig.Rate {}

    @Test
    void aBurstIsTakenAndTheNextIsTooMuch() {
        RateLimit limit = limit(2, 5);

        for (int i = 0; i < 5; i++) {
            assertThat(limit.take("a").isTaken()).isTrue();
        }
        assertThat(limit.take("a").isTaken()).isFalse();
    }

    @Test
    void theRefusalTellsWhenTheNextMayCome() {
        RateLimit limit = limit(2, 5);
        takeAll(limit, "a", 5);

        RateLimit.Verdict refusal = limit.take("a");
        time.advance(refusal.retryAfter().minusMillis(1));
        boolean isTakenEarlier = limit.take("a").isTaken();
        time.advance(Duration.ofMillis(1));
        boolean isTakenThen = limit.take("a").isTaken();

        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(500));
        assertThat(isTakenEarlier).isFalse();
        assertThat(isTakenThen).isTrue();
    }

    @Test
    void inTheLongRunTheRateIsKept() {
        RateLimit limit = limit(20, 5);
        takeAll(limit, "a", 5);
        int taken = 0;

        for (int i = 0; i < 10_000; i++) {
            time.advance(Duration.ofMillis(1));
            taken += limit.take("a").isTaken() ? 1 : 0;
        }

        assertThat(taken).isEqualTo(200);
    }

    @Test
    void headersHavePolicyAndRest() {
        RateLimit limit = limit(500, 5000);

        RateLimit.Verdict first = limit.take("a");
        takeAll(limit, "a", 2499);
        RateLimit.Verdict half = limit.take("a");

        assertThat(limit.policyHeader()).isEqualTo("\"poll\";q=5000;w=10");
        assertThat(first.header()).isEqualTo("\"poll\";r=4999;t=1");
        assertThat(half.header()).isEqualTo("\"poll\";r=2499;t=6");
    }

    @Test
    void theHeaderOfARefusalTellsWhenTheNextMayCome() {
        RateLimit limit = limit(1, 5);
        takeAll(limit, "a", 5);

        RateLimit.Verdict refusal = limit.take("a");

        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refusal.header()).isEqualTo("\"poll\";r=0;t=1");
    }

    @Test
    void oneClientDoesNotUseUpTheShareOfAnother() {
        RateLimit limit = limit(1, 3);
        takeAll(limit, "a", 4);

        assertThat(limit.take("b").isTaken()).isTrue();
        assertThat(limit.take("a").isTaken()).isFalse();
    }

    @Test
    void policiesAreCountedApart() {
        var limits = RateLimits.of(new Config(rate(1, 1), rate(1, 1), rate(1, 1), 10), time);
        limits.poll().orElseThrow().take("a");

        assertThat(limits.poll().orElseThrow().take("a").isTaken()).isFalse();
        assertThat(limits.publish().orElseThrow().take("a").isTaken()).isTrue();
        assertThat(limits.connect().orElseThrow().take("a").isTaken()).isTrue();
    }

    @Test
    void zeroIsNoLimit() {
        var limits = RateLimits.of(new Config(rate(0, 0), rate(0, 5), rate(1, 1), 10), time);

        assertThat(limits.publish()).isEmpty();
        assertThat(limits.poll()).isEmpty();
        assertThat(limits.connect()).isPresent();
    }

    @Test
    void aMillionClientsStayBounded() {
        RateLimit limit = limit(500, 5000, 10_000);

        for (int client = 0; client < 1_000_000; client++) {
            limit.take("10." + (client >> 16) + '.' + (client >> 8 & 255) + '.' + (client & 255));
        }

        assertThat(limit.clients()).isBetween(1L, 10_000L);
    }

    @Test
    void theClientThatAsksMuchIsRememberedAmongAMillionThatAskOnce() {
        RateLimit limit = limit(1, 100, 1000);
        int taken = 0;

        for (int client = 0; client < 1_000_000; client++) {
            limit.take("once " + client);
            if (client % 100 == 0) {
                taken += limit.take("much").isTaken() ? 1 : 0;
            }
        }

        assertThat(taken).as("of 10,000 requests").isLessThan(1000);
    }

    @Test
    void clientsWhoseBucketIsFullAgainAreForgotten() {
        RateLimit limit = limit(2, 5);
        takeAll(limit, "a", 5);
        limit.take("b");

        time.advance(Duration.ofMillis(2999));
        long before = limit.clients();
        time.advance(Duration.ofMillis(2));

        assertThat(before).isEqualTo(2);
        assertThat(limit.clients()).isZero();
        assertThat(limit.take("a").header()).startsWith("\"poll\";r=4;");
    }

    @Test
    void threadsTogetherGetNoMoreThanTheBurst() {
        RateLimit limit = limit(1, 1000);
        var taken = new AtomicInteger();

        IntStream.range(0, 20_000)
                .parallel()
                .forEach(i -> taken.addAndGet(limit.take("a").isTaken() ? 1 : 0));

        assertThat(taken).hasValue(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 5, 10, poll.requests-per-second is -1",
        " 1, 0, 10, poll.burst is 0",
        " 1, 5,  0, max-clients is 0",
    })
    void refusesIllegalValueByItsKey(int perSecond, int burst, int maxClients, String expected) {
        var config = new Config(rate(1, 1), rate(perSecond, burst), rate(1, 1), maxClients);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimits.of(config, time))
                .withMessageContaining("heliograph.access.limits." + expected);
    }

    private RateLimit limit(int perSecond, int burst) {
        return limit(perSecond, burst, 100);
    }

    private RateLimit limit(int perSecond, int burst, int maxClients) {
        var config = new Config(rate(0, 0), rate(perSecond, burst), rate(0, 0), maxClients);
        return RateLimits.of(config, time).poll().orElseThrow();
    }

    private static OneRate rate(int perSecond, int burst) {
        return new OneRate(perSecond, burst);
    }

    private static void takeAll(RateLimit limit, String client, int count) {
        for (int i = 0; i < count; i++) {
            limit.take(client);
        }
    }
}
