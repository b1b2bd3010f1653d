package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are no requests, and too many of them; what breaks the protocol is in {@link WsFramingIT}. */
class WsBadFrameIT extends MistakenClient {
    private static final int RATE_EXCEEDED = 4100;

    @Test
    void binaryFrameIsRefused() throws IOException {
        client.sendFrame(WsClient.BINARY, new byte[] {1, 2, 3});

        WireSample.assertLike(client.nextText(), "push-error");
    }

    @Test
    void eventsOfNearlyAFrameAreTaken() throws IOException {
        String data = "{\"text\":\"" + "x".repeat(65_000) + "\"}";

        JsonNode answer =
                client.request("publish", "{\"channel\":\"jobs-1\",\"type\":\"job.created\",\"data\":" + data + "}");

        assertThat(answer.has("published")).as(answer.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {WsClient.BINARY, WsClient.PING, WsClient.CONTINUATION})
    void tooManyFramesOfOtherKindsCloseTheConnection(int opcode) throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            if (opcode == WsClient.CONTINUATION) {
                other.sendPart(WsClient.TEXT, new byte[0], false);
            }
            for (int i = 0; i < 1000; i++) {
                other.sendPart(opcode, new byte[0], opcode != WsClient.CONTINUATION);
            }

            assertThat(other.closeCode()).isEqualTo(RATE_EXCEEDED);
        }
    }

    @Test
    void tooManyRequestsAreRefusedThenCloseTheConnection() throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            int sent = 1000;
            for (int i = 0; i < sent; i++) {
                other.send("{\"id\":" + i + ",\"ping\":{}}");
            }
            int pongs = 0;
            byte[] frame = other.nextText();
            while (new String(frame, UTF_8).contains("pong")) {
                pongs++;
                frame = other.nextText();
            }
            int refusals = 0;
            while (!new String(frame, UTF_8).contains("closing")) {
                String text = new String(frame, UTF_8);
                refusals += text.contains("rate-exceeded") ? 1 : 0;
                frame = other.nextText();
            }

            assertThat(pongs).isGreaterThanOrEqualTo(300);
            assertThat(refusals).isGreaterThanOrEqualTo(100);
            WireSample.assertLike(frame, "push-closing");
            assertThat(other.closeCode()).isEqualTo(RATE_EXCEEDED);
        }
    }
}
