package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A request for more channels than a session may have is told so, over each transport that takes several. */
class TooManyChannelsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void tellsStreamAndPollThatTheirChannelsAreTooMany() throws IOException, InterruptedException {
        try (GatewayProcess gateway = GatewayProcess.start("heliograph.session.max-channels=1")) {
            HttpResponse<String> stream = get(gateway, "sse?channel=orders-1&channel=orders-2");
            HttpResponse<String> poll =
                    get(gateway, "poll?channel=orders-1&channel=orders-2&cursor=abcd1-0.abcd2-0&wait=5");

            assertThat(stream.body()).contains("too-many-channels", "event: closing");
            assertThat(poll.statusCode()).isEqualTo(400);
            assertThat(poll.body()).contains("too-many-channels");
            assertThat(gateway.output()).doesNotContain("ERROR", "IllegalStateException");
        }
    }

    private static HttpResponse<String> get(GatewayProcess gateway, String address)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.httpUri().resolve("/api/realtime/" + address))
                .timeout(LIMIT)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
