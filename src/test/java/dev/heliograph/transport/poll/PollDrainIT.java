package dev.heliograph.transport.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that shuts down lets no poll wait, and answers each as truthfully as before. */
@Timeout(120)
class PollDrainIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private GatewayProcess gateway;
    private GatewayHttp backend;

    @BeforeEach
    void start() {
        gateway = GatewayProcess.start("quarkus.shutdown.delay=20s");
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterEach
    void end() {
        gateway.close();
    }

    @Test
    void waitingPollIsAnsweredAndANewOneDoesNotWait() throws Exception {
        String old = backend.publish("orders-old", "order.updated", "{\"n\":1}");
        String newest = backend.publish("orders-old", "order.updated", "{\"n\":2}");
        try (var connection = HttpConnection.open(gateway.port())) {
            beginToStop();

            Polled news = Polled.ask(connection, "channel=orders-old&wait=55&cursor=" + old);
            assertThat(news.body().at("/payload/n").intValue()).isEqualTo(2);
            assertThat(news.headers()).containsEntry("Connection", "close");
        }
        assertThat(poll("channel=orders-old&wait=55&cursor=" + newest).status()).isEqualTo(304);
        assertThat(poll("channel=orders-old&cursor=" + newest).headers()).containsEntry("Connection", "close");
        assertThat(poll("channel=orders-old&document=true").headers()).containsEntry("Connection", "close");
        assertThat(poll("channel=orders-old&wait=55&cursor=abc-7")
                        .body()
                        .at("/gap/0/reason")
                        .textValue())
                .isEqualTo("epoch-changed");
        assertThat(poll("channel=orders-old").body().path("cursor").textValue()).isEqualTo(newest);
    }

    /** RFC 9113, section 8.2.2: with the header {@code Connection} the answer would be malformed. */
    @Test
    void waitingPollOverHttp2IsAnsweredWithoutConnectionHeader() throws Exception {
        String cursor = backend.publish("orders-h2", "order.updated", "{}");
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        client.send(request("channel=orders-h2"), BodyHandlers.discarding());
        var waiting =
                client.sendAsync(request("channel=orders-h2&wait=55&cursor=" + cursor), BodyHandlers.discarding());
        await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 1);

        stopInBackground();

        HttpResponse<Void> answer = waiting.get();
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.headers().firstValue("connection")).isEmpty();
    }

    /** Returns once a poll that waited has been answered because of it. */
    private void beginToStop() throws Exception {
        String cursor = backend.publish("orders-waits", "order.updated", "{}");
        CompletableFuture<Polled> waiting =
                Polled.inBackground(gateway.port(), "channel=orders-waits&wait=55&cursor=" + cursor);
        await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 1);

        stopInBackground();

        assertThat(waiting.get().status()).isEqualTo(304);
        assertThat(waiting.get().headers()).containsEntry("Connection", "close");
    }

    private void stopInBackground() {
        var stop = new Thread(gateway::stop, "stop");
        stop.setDaemon(true);
        stop.start();
    }

    private Polled poll(String query) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            return Polled.ask(connection, query);
        }
    }

    private HttpRequest request(String query) {
        return HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/poll?" + query))
                .build();
    }
}
