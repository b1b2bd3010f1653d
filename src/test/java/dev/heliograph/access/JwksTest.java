package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys from a real HTTP server on the loopback. */
class JwksTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final PublicJsonWebKey FIRST = key("first");
    private static final PublicJsonWebKey SECOND = key("second");

    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Duration timeout = LIMIT;
    private volatile HttpHandler answer;
    private HttpServer server;
    private Tokens tokens;
    private Jwks jwks;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            answer.handle(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        tokens.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void fetchesKeysAheadAndVerifiesByThem() {
        fetch(set(FIRST), LONG, LONG);
        await().atMost(LIMIT).until(() -> jwks.keys().isPresent());

        assertThat(identify(FIRST).subject()).isEqualTo("alice");
        assertThat(requests).hasValue(1);
        assertThat(metrics.get("heliograph_access_jwks_age_seconds").gauge().value())
                .isBetween(0.0, 20.0);
    }

    /** A rotated key works without a restart, and before the next interval. */
    @Test
    void unknownKeyCausesEarlyFetch() {
        fetch(set(FIRST), LONG, Duration.ZERO);
        identify(FIRST);
        answer = set(FIRST, SECOND);

        assertThat(identify(SECOND).subject()).isEqualTo("alice");
        assertThat(requests).hasValue(2);
    }

    @Test
    void manyUnknownKeysCauseNoSecondFetchWithinThePause() {
        fetch(set(FIRST), LONG, LONG);
        identify(FIRST);

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> identify(SECOND))
                    .hasFieldOrPropertyWithValue("problem.type", ProblemType.INVALID_TOKEN)
                    .hasMessage("kid is \"second\", expected the id of a key for ES256");
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void keyThatIsGoneVerifiesNothingAnyMore() {
        fetch(set(FIRST, SECOND), SHORT, LONG);
        identify(FIRST);
        answer = set(SECOND);

        await().atMost(LIMIT).untilAsserted(() -> assertThatThrownBy(() -> identify(FIRST))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.INVALID_TOKEN));
        assertThat(identify(SECOND).subject()).isEqualTo("alice");
    }

    @Test
    void sameKeysInAnotherOrderAreNotNew() {
        fetch(set(FIRST, SECOND), SHORT, LONG);
        await().atMost(LIMIT).until(() -> jwks.keys().isPresent());
        TokenKeys before = jwks.keys().orElseThrow();
        answer = set(SECOND, FIRST);
        int seen = requests.get();

        await().atMost(LIMIT).until(() -> requests.get() > seen + 2);

        assertThat(jwks.keys()).containsSame(before);
    }

    @Test
    void keepsFormerKeysWhateverIsAnswered() {
        fetch(set(FIRST), SHORT, SHORT);
        identify(FIRST);

        for (HttpHandler bad : new HttpHandler[] {
            text(200, "garbage"),
            text(200, "[]"),
            text(200, "{\"keys\":7}"),
            text(200, "{\"keys\":[]}"),
            text(200, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"first\",\"k\":\"AAAA\"}]}"),
            text(200, "{\"keys\":[" + " ".repeat(1 << 20) + FIRST.toJson() + "]}"),
            text(200, "[".repeat(1 << 19)),
            text(500, new JsonWebKeySet(SECOND).toJson()),
            text(404, ""),
            HttpExchange::close
        }) {
            double failures = failures();
            answer = bad;
            await().atMost(LIMIT).until(() -> failures() > failures + 1);
            assertThat(identify(FIRST).subject()).isEqualTo("alice");
        }
        answer = set(SECOND);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(identify(SECOND).subject()).isEqualTo("alice"));
    }

    @Test
    void ignoresKeysOfUnknownKind() {
        fetch(
                text(
                        200,
                        "{\"keys\":[{\"kty\":\"new\",\"kid\":\"x\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"!\"},"
                                + FIRST.toJson() + "]}"),
                LONG,
                LONG);

        assertThat(identify(FIRST).subject()).isEqualTo("alice");
    }

    /** Neither before its head nor in the middle of its body. */
    @Test
    void serverThatHangsDelaysNoKnownKey() {
        timeout = Duration.ofMillis(500);
        fetch(set(FIRST), SHORT, SHORT);
        await().atMost(LIMIT).until(() -> jwks.keys().isPresent());

        for (HttpHandler hanging : new HttpHandler[] {
            exchange -> awaitEnd(),
            exchange -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                awaitEnd();
            }
        }) {
            double failures = failures();
            answer = hanging;
            await().atMost(LIMIT).until(() -> failures() > failures);
            assertThat(identify(FIRST).subject()).isEqualTo("alice");
            assertThatThrownBy(() -> identify(SECOND))
                    .hasFieldOrPropertyWithValue("problem.type", ProblemType.INVALID_TOKEN);
        }
    }

    @Test
    void saysThatKeysAreUnavailableUntilTheFirstAreThere() {
        fetch(text(500, ""), LONG, SHORT);

        assertThatThrownBy(() -> identify(FIRST))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.KEYS_UNAVAILABLE)
                .hasFieldOrPropertyWithValue("problem.retryAfter", SHORT);
        answer = set(FIRST);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(identify(FIRST).subject()).isEqualTo("alice"));
    }

    @Test
    void firstRequestWaitsForFirstKeys() {
        var gate = new CountDownLatch(1);
        fetch(
                exchange -> {
                    pass(gate);
                    set(FIRST).handle(exchange);
                },
                LONG,
                LONG);
        var first = tokens.identity(token(FIRST)).subscribeAsCompletionStage();

        assertThat(first).isNotDone();
        gate.countDown();

        assertThat(first).succeedsWithin(LIMIT);
    }

    /** @param pause between failures, and between early fetches */
    private void fetch(HttpHandler first, Duration interval, Duration pause) {
        answer = first;
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        jwks = new Jwks(address, new Jwks.Times(interval, pause, timeout, Duration.ofSeconds(2)), metrics);
        tokens = new Tokens(new TokenReader(JwtConfigs.of(), Clock.systemUTC()), jwks, Clock.systemUTC());
    }

    private Identity identify(PublicJsonWebKey by) {
        return tokens.identity(token(by)).await().atMost(LIMIT);
    }

    private double failures() {
        return metrics.get("heliograph_access_jwks_failures").counter().count();
    }

    private void awaitEnd() {
        pass(end);
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpHandler set(PublicJsonWebKey... keys) {
        return text(200, new JsonWebKeySet(keys).toJson());
    }

    private static HttpHandler text(int status, String body) {
        return exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    private static PublicJsonWebKey key(String id) {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(id);
            return key;
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String token(PublicJsonWebKey by) {
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("ES256");
        signature.setKeyIdHeaderValue(by.getKeyId());
        signature.setKey(by.getPrivateKey());
        signature.setPayload(
                "{\"sub\":\"alice\",\"exp\":" + Instant.now().plusSeconds(600).getEpochSecond() + "}");
        try {
            return signature.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
