package dev.heliograph.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Documents and latest events that are cached, and that Redis has lost without a word: nobody announces a {@code DEL}. */
class LostCachedIT {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    /** Two intervals are promised; the rest is for a machine that stalls. */
    private static final Duration LIMIT = INTERVAL.multipliedBy(5);

    private static final Pattern SCRIPTS_RUN = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    private static RedisServer redis;
    private static GatewayProcess comparing;
    /** Compares so seldom that no test sees it. */
    private static GatewayProcess patient;

    /** Of this test alone: the gateways keep what was cached in those before. */
    private final String channel = "orders-" + System.nanoTime();

    private final String document = "/api/realtime/documents/" + channel;
    private final String latest = "/api/realtime/channels/" + channel + "/latest";

    @BeforeAll
    static void start() {
        redis = RedisServer.startProcess(false);
        comparing = gateway("heliograph.cache.compare-interval=" + INTERVAL.toSeconds() + "s");
        patient = gateway("heliograph.cache.compare-interval=1h");
    }

    @AfterAll
    static void stop() {
        comparing.close();
        patient.close();
        redis.close();
    }

    @Test
    void deletedDocumentIsGoneWithinTheInterval() throws IOException {
        String tag = keepDocument(comparing);

        redis("DEL", "heliograph:{orders}:document:" + channel);

        awaitStatus(comparing, 404, document, "If-None-Match: " + tag);
        assertThat(status(comparing, "GET", document, "")).isEqualTo(404);
    }

    @Test
    void deletedDocumentIsGoneAtOnceAfterLogSaysSo() throws IOException {
        keepDocument(patient);
        redis("DEL", "heliograph:{orders}:document:" + channel);
        assertThat(status(patient, "GET", document, "")).isEqualTo(200);

        int refused = status(
                patient,
                "PATCH",
                document,
                "{\"n\":2}",
                "Content-Type: application/merge-patch+json",
                "If-Match: \"other-1\"");

        assertThat(refused).isEqualTo(404);
        assertThat(status(patient, "GET", document, "")).isEqualTo(404);
    }

    @Test
    void forgetsDocumentAndLatestEventWithinIntervalAfterFlushAll() throws IOException {
        String tag = keepDocument(comparing);
        String latestTag = keepLatest(comparing);

        redis("FLUSHALL");

        awaitStatus(comparing, 404, document, "If-None-Match: " + tag);
        awaitStatus(comparing, 404, latest, "If-None-Match: " + latestTag);
    }

    @Test
    void forgetsDocumentAndLatestEventAfterReadOfAnotherEpoch() throws IOException {
        String tag = keepDocument(patient);
        String latestTag = keepLatest(patient);
        redis("FLUSHALL");
        assertThat(status(patient, "GET", latest, "", "If-None-Match: " + latestTag))
                .isEqualTo(304);

        status(patient, "GET", "/api/realtime/channels/" + channel + "/events?from=" + tag.replace("\"", ""), "");

        assertThat(status(patient, "GET", latest, "", "If-None-Match: " + latestTag))
                .isEqualTo(404);
        assertThat(status(patient, "GET", document, "", "If-None-Match: " + tag))
                .isEqualTo(404);
    }

    @Test
    void deletedLatestEventIsGoneWithinTheInterval() throws IOException {
        keepDocument(comparing);
        String tag = keepLatest(comparing);

        redis("DEL", "heliograph:{orders}:latest:" + channel);

        awaitStatus(comparing, 404, latest, "If-None-Match: " + tag);
    }

    @Test
    void constantReadersCostAtMostOneCommandForEachDocumentAndInterval() throws IOException {
        int documents = 20;
        int intervals = 3;
        for (int n = 0; n < documents; n++) {
            assertThat(status(comparing, "PUT", document + n, "{\"n\":1}")).isEqualTo(201);
            assertThat(status(comparing, "GET", document + n, "")).isEqualTo(200);
        }
        long before = scriptsRun();

        long reads = 0;
        try (var connection = HttpConnection.open(comparing.port())) {
            long end = System.nanoTime() + INTERVAL.multipliedBy(intervals).toNanos();
            for (; System.nanoTime() < end; reads++) {
                assertThat(status(connection, "GET", document + reads % documents, ""))
                        .isEqualTo(200);
            }
        }

        assertThat(scriptsRun() - before).isBetween((long) documents, (long) documents * intervals);
        assertThat(reads).isGreaterThan(documents * intervals * 5L);
    }

    private static GatewayProcess gateway(String option) {
        return GatewayProcess.start(
                "quarkus.redis.hosts=" + redis.uri(),
                // Its leases are scripts, and would be counted.
                "heliograph.ingest.enabled=false",
                "heliograph.access.limits.poll.requests-per-second=0",
                option);
    }

    /** @return its tag, once it is answered from the cache */
    private String keepDocument(GatewayProcess gateway) throws IOException {
        assertThat(status(gateway, "PUT", document, "{\"n\":1}")).isEqualTo(201);
        // The announcement of the change may come after the read, which is then no hit yet.
        return await().atMost(LIMIT).until(() -> nearTag(gateway), tag -> tag != null);
    }

    private String nearTag(GatewayProcess gateway) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            HttpConnection.Answer answer = ask(connection, "GET", document, "");
            boolean isCached =
                    answer.status() == 200 && answer.header("Cache-Status").contains("hit");
            return isCached ? answer.header("ETag") : null;
        }
    }

    private String keepLatest(GatewayProcess gateway) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            assertThat(ask(connection, "GET", latest, "").status()).isEqualTo(200);
            return ask(connection, "GET", latest, "").header("ETag");
        }
    }

    private static void awaitStatus(GatewayProcess gateway, int expected, String path, String... headers) {
        await().atMost(LIMIT).until(() -> status(gateway, "GET", path, "", headers) == expected);
    }

    private static int status(GatewayProcess gateway, String method, String path, String body, String... headers)
            throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            return status(connection, method, path, body, headers);
        }
    }

    private static int status(HttpConnection connection, String method, String path, String body, String... headers)
            throws IOException {
        return ask(connection, method, path, body, headers).status();
    }

    /** @return with its body read */
    private static HttpConnection.Answer ask(
            HttpConnection connection, String method, String path, String body, String... headers) throws IOException {
        var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append(
                    String.join("", headers).contains("Content-Type") ? "" : "Content-Type: application/json\r\n");
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        connection.send((request + "\r\n" + body).getBytes(US_ASCII));
        HttpConnection.Answer answer = connection.answer();
        answer.body().readAllBytes();
        return answer;
    }

    private static void redis(String... command) throws IOException {
        try (var client = new RedisBackend(redis)) {
            client.send(command);
        }
    }

    private static long scriptsRun() throws IOException {
        try (var client = new RedisBackend(redis)) {
            Matcher found = SCRIPTS_RUN.matcher((String) client.send("INFO", "commandstats"));
            assertThat(found.find()).isTrue();
            return Long.parseLong(found.group(1));
        }
    }
}
