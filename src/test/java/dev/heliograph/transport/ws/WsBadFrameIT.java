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

/** The limits of frames and of their rate: what cannot be read any further is refused and closes its connection. */
class WsBadFrameIT extends MistakenClient {
    private static final int MAX_FRAME_BYTES = 65_536;
    private static final int MESSAGE_TOO_BIG = 1009;
    private static final int INVALID_PAYLOAD = 1007;
    private static final int PROTOCOL_ERROR = 1002;
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

    @Test
    void frameOverTheLimitIsRefusedAndClosesTheConnection() throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            other.send(" ".repeat(MAX_FRAME_BYTES + 1));

            assertProblem(other.next(), "frame-too-large");
            assertThat(other.closeCode()).isEqualTo(MESSAGE_TOO_BIG);
        }
    }

    @Test
    void messageOverTheLimitIsRefusedHoweverManyFramesItHas() throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            byte[] part = " ".repeat(40_000).getBytes(UTF_8);
            other.sendPart(WsClient.TEXT, part, false);
            other.sendPart(WsClient.CONTINUATION, part, false);

            assertProblem(other.next(), "frame-too-large");
            assertThat(other.closeCode()).isEqualTo(MESSAGE_TOO_BIG);
        }
    }

    @Test
    void messageOfSeveralFramesIsRead() throws IOException {
        client.sendPart(WsClient.TEXT, "{\"id\":1,".getBytes(UTF_8), false);
        client.sendPart(WsClient.CONTINUATION, "\"ping\":".getBytes(UTF_8), false);
        client.sendFrame(WsClient.PING, new byte[0]);
        client.sendPart(WsClient.CONTINUATION, "{}}".getBytes(UTF_8), true);

        assertThat(client.next().has("pong")).isTrue();
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
    void largestLegalFrameIsRead() throws IOException {
        String request = "{\"id\":1,\"ping\":{}}";

        client.send(request + " ".repeat(MAX_FRAME_BYTES - request.length()));

        assertThat(client.next().has("pong")).isTrue();
    }

    @Test
    void invalidUtf8IsRefusedAndClosesTheConnection() throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            byte[] text = "{\"id\":1,\"ping\":{\"?\":1}}".getBytes(UTF_8);
            text[text.length - 6] = (byte) 0xFF;

            other.sendFrame(WsClient.TEXT, text);

            assertProblem(other.next(), "invalid-utf8");
            assertThat(other.closeCode()).isEqualTo(INVALID_PAYLOAD);
        }
    }

    @Test
    void brokenFrameIsRefusedAndClosesTheConnection() throws IOException {
        try (var other = WsClient.connect(gateway.port())) {
            int reservedOpcode = 5;

            other.sendFrame(reservedOpcode, new byte[0]);

            assertProblem(other.next(), "broken-frame");
            assertThat(other.closeCode()).isEqualTo(PROTOCOL_ERROR);
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
