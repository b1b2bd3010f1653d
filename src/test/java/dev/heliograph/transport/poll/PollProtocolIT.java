package dev.heliograph.transport.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a poll is answered on the wire. Each test has channels of its own. */
@Timeout(60)
class PollProtocolIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern READS = Pattern.compile(
            "cmdstat_(?:eval|evalsha|fcall|get|hget|hvals|hgetall|xrange|subscribe|unsubscribe):calls=([0-9]+)");

    private static GatewayProcess gateway;
    private static GatewayHttp backend;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start();
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @Test
    void firstPollGetsLatestEventAndCursor() throws IOException {
        String cursor = publishCreatedAndUpdated("orders-first");

        Polled any = poll("channel=orders-first");

        assertThat(any.status()).isEqualTo(200);
        assertThat(any.headers()).containsEntry("ETag", '"' + cursor + '"').containsEntry("Cache-Control", "no-store");
        assertThat(any.body().path("hasUpdate").booleanValue()).isTrue();
        assertThat(any.body().path("payload")).isEqualTo(JSON.readTree("{\"type\":\"order.updated\",\"n\":2}"));
        assertThat(any.body().path("events")).isEmpty();
        assertThat(any.body().path("cursor").textValue()).isEqualTo(cursor);
    }

    @Test
    void firstPollForOneTypeGetsLatestEventAtOnce() throws IOException {
        publishCreatedAndUpdated("orders-first-type");

        Polled created = poll("channel=orders-first-type&event=order.created&wait=55");

        assertThat(created.body().path("payload")).isEqualTo(JSON.readTree("{\"type\":\"order.created\",\"n\":1}"));
    }

    @Test
    void firstPollForUnusedTypeGetsOnlyCursor() throws IOException {
        String cursor = publishCreatedAndUpdated("orders-first-none");

        Polled none = poll("channel=orders-first-none&event=order.cancelled");

        assertThat(none.body().path("hasUpdate").booleanValue()).isFalse();
        assertThat(none.body().path("payload").isNull()).isTrue();
        assertThat(none.body().path("cursor").textValue()).isEqualTo(cursor);
    }

    /** @return the cursor of the second */
    private static String publishCreatedAndUpdated(String channel) throws IOException {
        backend.publish(channel, "order.created", "{\"n\":1}");
        return backend.publish(channel, "order.updated", "{\"n\":2}");
    }

    @Test
    void theLatestEventOfSeveralChannelsIsThePayload() throws IOException {
        backend.publish(withTime("orders-both", "order.updated", "2026-01-31T12:00:00.5Z"));
        backend.publish(withTime("drivers-both", "driver.online", "2026-01-31T12:00:00Z"));

        Polled polled = poll("channel=drivers-both&channel=orders-both&channel=jobs-both");

        assertThat(polled.body().at("/payload/type").textValue()).isEqualTo("order.updated");
        assertThat(polled.body().path("cursor").textValue()).matches("[^.]+-1\\.[^.]+-1\\.[^.]+-0");
    }

    private static String withTime(String channel, String type, String time) {
        return "{\"channel\":\"" + channel + "\",\"type\":\"" + type + "\",\"time\":\"" + time + "\",\"data\":{}}";
    }

    @Test
    void allNewerEventsAreAnsweredAtOnce() throws IOException {
        String first = backend.publish("orders-newer", "order.updated", "{\"n\":1}");
        backend.publish("orders-newer", "order.updated", "{\"n\":2}");
        String last = backend.publish("orders-newer", "order.created", "{\"n\":3}");

        Polled polled = poll("channel=orders-newer&wait=55&cursor=" + first);

        assertThat(polled.headers()).containsEntry("ETag", '"' + last + '"');
        assertThat(polled.body().path("events"))
                .extracting(event -> event.at("/data/n").intValue())
                .containsExactly(2, 3);
        assertThat(polled.body().path("payload")).isEqualTo(JSON.readTree("{\"type\":\"order.created\",\"n\":3}"));
        assertThat(polled.body().has("gap")).isFalse();
    }

    @Test
    void nothingNewIsNotModifiedAndTheTagPassesFilteredEvents() throws IOException {
        String first = backend.publish("orders-none", "order.updated", "{}");
        String last = backend.publish("orders-none", "order.created", "{}");

        Polled polled = poll("channel=orders-none&event=order.updated&cursor=" + first);

        assertThat(polled.status()).isEqualTo(304);
        assertThat(polled.headers())
                .containsEntry("ETag", '"' + last + '"')
                .containsEntry("Retry-After", "0")
                .containsEntry("Cache-Control", "no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"%s\"", "W/\"%s\"", "\"%s-gzip\"", "W/\"%s;br\"", "\"foreign\", \"%s\""})
    void validatorsThatAProxyChangedAreUnderstood(String form) throws IOException {
        String cursor = backend.publish("orders-weak", "order.updated", "{}");

        Polled polled = poll("channel=orders-weak", "If-None-Match", form.formatted(cursor));

        assertThat(polled.status()).isEqualTo(304);
    }

    @Test
    void theHeaderWinsOverTheCursor() throws IOException {
        String first = backend.publish("orders-header", "order.updated", "{}");
        String second = backend.publish("orders-header", "order.updated", "{}");

        Polled polled = poll("channel=orders-header&cursor=" + first, "If-None-Match", '"' + second + '"');

        assertThat(polled.status()).isEqualTo(304);
    }

    @Test
    void aWaitingPollIsAnsweredByTheNextEvent() throws Exception {
        String cursor = poll("channel=orders-waits").body().path("cursor").textValue();
        CompletableFuture<Polled> waiting = inBackground("channel=orders-waits&wait=30&cursor=" + cursor);
        awaitWaiting();

        backend.publish("orders-waits", "order.updated", "{\"n\":7}");

        assertThat(waiting.get().body().at("/payload/n").intValue()).isEqualTo(7);
    }

    @Test
    void aWaitingPollOutlivesEventsThatItDoesNotWant() throws Exception {
        String cursor = poll("channel=orders-wants").body().path("cursor").textValue();
        CompletableFuture<Polled> waiting =
                inBackground("channel=orders-wants&event=order.created&wait=30&cursor=" + cursor);
        awaitWaiting();

        backend.publish("orders-wants", "order.updated", "{}");
        String wanted = backend.publish("orders-wants", "order.created", "{}");

        assertThat(waiting.get().body().path("events")).hasSize(1);
        assertThat(waiting.get().body().path("cursor").textValue()).isEqualTo(wanted);
    }

    @Test
    void aLongHistoryComesInBoundedAnswers() throws IOException {
        String cursor = backend.publish("orders-long", "order.updated", "{\"n\":0}");
        for (int n = 1; n <= 300; n++) {
            backend.publish("orders-long", "order.updated", "{\"n\":" + n + ",\"pad\":\"" + "x".repeat(4000) + "\"}");
        }
        var numbers = new ArrayList<Integer>();

        while (numbers.size() < 300) {
            Polled polled = poll("channel=orders-long&cursor=" + cursor);
            polled.body()
                    .path("events")
                    .forEach(event -> numbers.add(event.at("/data/n").intValue()));
            cursor = polled.body().path("cursor").textValue();
            assertThat(polled.body().toString().length()).isLessThan(200_000);
        }

        assertThat(numbers).hasSize(300).isSorted().doesNotHaveDuplicates();
        assertThat(poll("channel=orders-long&cursor=" + cursor).status()).isEqualTo(304);
    }

    @Test
    void aCursorThatCannotBeRecoveredIsToldAsAGap() throws IOException {
        String cursor = backend.publish("orders-gap", "order.updated", "{}");

        Polled polled = poll("channel=orders-gap&wait=30", "If-None-Match", "\"someotherlife-7\"");

        assertThat(polled.body().at("/gap/0/from").textValue()).isEqualTo("someotherlife-7");
        assertThat(polled.body().at("/gap/0/reason").textValue()).isEqualTo("epoch-changed");
        assertThat(polled.body().at("/events/0/cursor").textValue()).isEqualTo(cursor);
    }

    @Test
    void aCursorOfSomeChannelsIsAnsweredAtOnce() throws IOException {
        String cursor = backend.publish("orders-some", "order.updated", "{}");
        try (var connection = HttpConnection.open(gateway.port())) {
            Polled.ask(connection, "channel=orders-some&channel=drivers-some");

            Polled polled = Polled.ask(connection, "channel=orders-some&channel=drivers-some&cursor=" + cursor + ".");

            assertThat(polled.status()).isEqualTo(304);
            assertThat(polled.headers().get("ETag"))
                    .startsWith('"' + cursor + ".")
                    .endsWith("-0\"");
        }
    }

    @Test
    void anyUpToDateTagOfSeveralIsNotModified() throws IOException {
        String first = backend.publish("orders-tags", "order.updated", "{}");
        String second = backend.publish("orders-tags", "order.updated", "{}");

        Polled polled = poll("channel=orders-tags", "If-None-Match", "\"" + first + "\", \"" + second + "\"");

        assertThat(polled.status()).isEqualTo(304);
        assertThat(polled.headers()).containsEntry("ETag", '"' + second + '"');
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2B1", "%D9%A3", "-1", "56", "1.5", "", "99999999999"})
    void waitThatIsNoNumberOfSecondsIsRefused(String wait) throws IOException {
        Polled polled = poll("channel=orders-seconds&wait=" + wait);

        assertThat(polled.status()).isEqualTo(400);
        assertThat(polled.body().path("field").textValue()).isEqualTo("wait");
    }

    @Test
    void neitherWaitingNorNotModifiedAsksRedisForAnything() throws Exception {
        try (var redis = RedisServer.start();
                var node =
                        GatewayProcess.start("quarkus.redis.hosts=" + redis.uri(), "heliograph.ingest.enabled=false");
                var commands = new RedisBackend(redis);
                var connection = HttpConnection.open(node.port())) {
            String cursor = new GatewayHttp(node.httpUri()).publish("orders-quiet", "order.updated", "{}");
            String query = "channel=orders-quiet&cursor=" + cursor;
            assertThat(Polled.ask(connection, query).status()).isEqualTo(304);
            long before = reads(commands);

            for (int i = 0; i < 1000; i++) {
                assertThat(Polled.ask(connection, query).status()).isEqualTo(304);
            }
            assertThat(Polled.ask(connection, query + "&wait=2").status()).isEqualTo(304);

            assertThat(reads(commands)).isEqualTo(before);
        }
    }

    private static long reads(RedisBackend redis) throws IOException {
        Matcher calls = READS.matcher(redis.send("INFO", "commandstats").toString());
        long sum = 0;
        while (calls.find()) {
            sum += Long.parseLong(calls.group(1));
        }
        return sum;
    }

    private static CompletableFuture<Polled> inBackground(String query) {
        return Polled.inBackground(gateway.port(), query);
    }

    /** So that what is published next finds it waiting. */
    private static void awaitWaiting() {
        await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 1);
    }

    private static Polled poll(String query, String... header) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            return Polled.ask(connection, query, header);
        }
    }
}
