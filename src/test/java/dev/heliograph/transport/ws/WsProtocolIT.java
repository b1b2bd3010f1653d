package dev.heliograph.transport.ws;

import static dev.heliograph.fixture.GatewayHttp.event;
import static dev.heliograph.fixture.WireSample.assertLike;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client may ask for over its WebSocket, and what it is sent; frame by frame. Each test has channels of its own. */
class WsProtocolIT {
    private static final String HELD_ENTRIES = "5";

    private static GatewayProcess gateway;
    private static GatewayHttp backend;
    private WsClient client;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start(
                "heliograph.namespaces.jobs.client-publish=true",
                "heliograph.namespaces.dispatch.history-size=" + HELD_ENTRIES);
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = WsClient.connect(gateway.port());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void answerComesFirstThenSyncThenEvents() throws IOException {
        client.send(WireSample.read("request-subscribe"));
        byte[] answer = client.nextText();
        byte[] sync = client.nextText();
        backend.publish("{\"channel\":\"orders-123\",\"type\":\"order.updated\",\"id\":\"order-123-1\","
                + "\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"status\":\"on its way\",\"total\":12.30}}");
        byte[] event = client.nextText();
        client.send(WireSample.read("request-unsubscribe"));

        assertLike(answer, "answer-subscribed");
        assertLike(sync, "push-sync-recovered");
        assertLike(event, "push-event");
        assertLike(client.nextText(), "answer-unsubscribed");
    }

    @Test
    void eventsComeInTheOrderInWhichTheyWerePublished() throws IOException {
        client.subscribe("orders-order");
        client.next();

        publish("orders-order", 1, 100);
        publish("orders-order", 101, 200);

        assertThat(numbers(client, 200))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void onlyTheTypesAskedForArePushed() throws IOException {
        client.send(WireSample.read("request-subscribe-types"));
        client.next();
        client.next();

        backend.publish("orders-124", "order.created", "{}");
        backend.publish("orders-124", "order.updated", "{}");
        backend.publish("orders-124", "order.assigned", "{}");
        String last = backend.publish("orders-124", "order.cancelled", "{}");

        assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.updated");
        JsonNode cancelled = client.next().path("event");
        assertThat(cancelled.path("type").textValue()).isEqualTo("order.cancelled");
        assertThat(cancelled.path("cursor").textValue()).isEqualTo(last);
    }

    @Test
    void firehoseCarriesTheEventsOfAllChannelsWithTheirOrigin() throws IOException {
        client.subscribe("customers.*");
        client.next();

        backend.publish("{\"channel\":\"customers-5\",\"type\":\"customer.created\",\"id\":\"customer-5-1\","
                + "\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"name\":\"Zoë\"}}");
        byte[] event = client.nextText();
        backend.publish("customers-6", "customer.created", "{}");

        assertLike(event, "push-firehose-event");
        JsonNode second = client.next().path("event");
        assertThat(second.path("channel").textValue()).isEqualTo("customers-6");
        assertThat(second.path("cursor").textValue()).endsWith("-2");
    }

    @Test
    void bothNamesOfTheFirehoseAreOneChannel() throws IOException {
        JsonNode answer = client.subscribe("finance.*");
        client.next();

        assertThat(answer.at("/subscribed/channel").textValue()).isEqualTo("finance");
        assertProblem(client.subscribe("finance"), "already-subscribed");
    }

    @Test
    void nothingIsPushedAfterUnsubscribing() throws IOException {
        client.subscribe("orders-left");
        client.next();

        client.request("unsubscribe", "{\"channel\":\"orders-left\"}");
        backend.publish("orders-left", "order.updated", "{}");

        assertStillAnswers();
        assertProblem(client.request("unsubscribe", "{\"channel\":\"orders-left\"}"), "not-subscribed");
    }

    @Test
    void subscribingAndUnsubscribingInOneBreathIsAnsweredTwice() throws IOException {
        client.send("{\"id\":1,\"subscribe\":{\"channel\":\"orders-breath\"}}");
        client.send("{\"id\":2,\"unsubscribe\":{\"channel\":\"orders-breath\"}}");
        var answered = new ArrayList<Integer>();
        while (answered.size() < 2) {
            JsonNode frame = client.next();
            if (frame.has("id")) {
                answered.add(frame.path("id").intValue());
            }
        }

        assertThat(answered).containsExactlyInAnyOrder(1, 2);
        assertStillAnswers();
    }

    @Test
    void oneConnectionListensToManyChannels() throws IOException {
        for (int i = 0; i < 128; i++) {
            assertThat(client.subscribe("orders-many-" + i).has("subscribed")).isTrue();
            client.next();
        }

        backend.publish("orders-many-0", "order.updated", "{}");
        backend.publish("orders-many-127", "order.updated", "{}");

        assertThat(client.next().at("/event/channel").textValue()).isEqualTo("orders-many-0");
        assertThat(client.next().at("/event/channel").textValue()).isEqualTo("orders-many-127");
        assertProblem(client.subscribe("orders-many-128"), "too-many-channels");
        assertStillAnswers();
    }

    @Test
    void resumingBringsExactlyTheMissedEvents() throws IOException {
        client.subscribe("orders-resume");
        client.next();
        publish("orders-resume", 1, 3);
        client.next();
        String cursor = client.next().at("/event/cursor").textValue();
        client.close();
        publish("orders-resume", 4, 500);

        try (var again = WsClient.connect(gateway.port())) {
            JsonNode answer = again.subscribe("orders-resume", cursor);
            JsonNode sync = again.next();
            publish("orders-resume", 501, 503);

            assertThat(answer.at("/subscribed/cursor").textValue()).isEqualTo(cursor);
            assertThat(sync.at("/sync/recovered").booleanValue()).isTrue();
            assertThat(numbers(again, 501))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(3, 503).boxed().toList());
        }
    }

    @Test
    void longHistoryOfLargeEventsIsResumedToItsEnd() throws IOException {
        String cursor =
                client.subscribe("orders-large").at("/subscribed/cursor").textValue();
        client.close();
        String padding = "x".repeat(4000);
        for (int from = 1; from <= 900; from += 100) {
            backend.publishAll(IntStream.range(from, from + 100)
                    .mapToObj(n ->
                            event("orders-large", "order.updated", "{\"n\":" + n + ",\"padding\":\"" + padding + "\"}"))
                    .toList());
        }

        try (var again = WsClient.connect(gateway.port())) {
            again.subscribe("orders-large", cursor);
            again.next();

            assertThat(numbers(again, 900))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 900).boxed().toList());
        }
    }

    @Test
    void reportsTrimmedEventsAsGap() throws IOException {
        backend.publish("dispatch-9", "job.offered", "{\"n\":1}");
        String first = client.subscribe("dispatch-9").at("/subscribed/cursor").textValue();
        client.close();
        for (int n = 2; n <= 8; n++) {
            backend.publish("dispatch-9", "job.offered", "{\"n\":" + n + "}");
        }

        try (var again = WsClient.connect(gateway.port())) {
            String sample = WireSample.read("request-subscribe-cursor");
            again.send(sample.replace("3kq0vkzx5d1n8-1", first));
            JsonNode answer = again.next();

            assertThat(answer.path("id").textValue()).isEqualTo("resume-1");
            assertLike(again.nextText(), "push-sync-gap");
            assertThat(numbers(again, 5)).containsExactly(4, 5, 6, 7, 8);
        }
    }

    @Test
    void cursorOfAnotherLifeIsToldAsAGap() throws IOException {
        backend.publish("orders-life", "order.updated", "{\"n\":1}");

        client.subscribe("orders-life", "someotherlife-7");
        JsonNode sync = client.next().path("sync");

        assertThat(sync.at("/gap/from").textValue()).isEqualTo("someotherlife-7");
        assertThat(sync.at("/gap/to").textValue()).endsWith("-0");
        assertThat(sync.at("/gap/reason").textValue()).isEqualTo("epoch-changed");
        assertThat(numbers(client, 1)).containsExactly(1);
    }

    @Test
    void cursorFromTheFutureIsToldAsAGap() throws IOException {
        String cursor = backend.publish("orders-ahead", "order.updated", "{\"n\":1}");
        String future = cursor.replaceAll("-1$", "-41");

        client.subscribe("orders-ahead", future);
        JsonNode sync = client.next().path("sync");
        backend.publish("orders-ahead", "order.updated", "{\"n\":2}");

        assertThat(sync.at("/gap/from").textValue()).isEqualTo(future);
        assertThat(sync.at("/gap/to").textValue()).isEqualTo(cursor);
        assertThat(sync.at("/gap/reason").textValue()).isEqualTo("ahead");
        assertThat(numbers(client, 1)).containsExactly(2);
    }

    @Test
    void pingIsAnswered() throws IOException {
        client.send(WireSample.read("request-ping"));

        assertLike(client.nextText(), "answer-pong");
    }

    @Test
    void clientsPublishWhereTheNamespaceAllowsIt() throws IOException {
        try (var listener = WsClient.connect(gateway.port())) {
            listener.subscribe("jobs-7");
            listener.next();

            client.send(WireSample.read("request-publish"));
            byte[] answer = client.nextText();
            client.send(WireSample.read("request-publish"));

            assertLike(answer, "answer-published");
            assertLike(client.nextText(), "answer-published");
            assertThat(listener.next().at("/event/data/fee").decimalValue()).isEqualByComparingTo("7.50");
            backend.publish("jobs-7", "job.updated", "{}");
            assertThat(listener.next().at("/event/type").textValue()).isEqualTo("job.updated");
        }
    }

    @Test
    void clientsDoNotPublishElsewhere() throws IOException {
        assertProblem(
                client.request("publish", event("orders-x", "order.updated", "{}")), "publish-not-allowed", "channel");
        assertStillAnswers();
    }

    private static void publish(String channel, int from, int to) throws IOException {
        for (int first = from; first <= to; first += 100) {
            backend.publishAll(IntStream.rangeClosed(first, Math.min(to, first + 99))
                    .mapToObj(n -> event(channel, "order.updated", "{\"n\":" + n + "}"))
                    .toList());
        }
    }

    private static List<Integer> numbers(WsClient from, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> from.next().at("/event/data/n").intValue())
                .toList();
    }

    private void assertStillAnswers() throws IOException {
        assertThat(client.request("ping", "{}").has("pong")).isTrue();
    }

    private static void assertProblem(JsonNode frame, String slug) {
        assertThat(frame.at("/error/type").textValue())
                .as(frame.toString())
                .isEqualTo("urn:heliograph:problem:" + slug);
        assertThat(frame.has("id")).isTrue();
    }

    private static void assertProblem(JsonNode frame, String slug, String field) {
        assertProblem(frame, slug);
        assertThat(frame.at("/error/field").textValue()).isEqualTo(field);
    }
}
