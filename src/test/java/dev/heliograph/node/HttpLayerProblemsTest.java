package dev.heliograph.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class HttpLayerProblemsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"channels/orders-1/events", "poll?channel=orders-1", "sse?channel=orders-1", "ws", "nowhere"})
    void aRequestNamesItsHostOnce(String path) throws IOException {
        for (String hosts : new String[] {"", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"}) {
            String answer = answer("GET /api/realtime/" + path + " HTTP/1.1\r\n" + hosts + "\r\n");

            assertThat(answer)
                    .as(hosts)
                    .startsWith("HTTP/1.1 400 ")
                    .contains(
                            "application/problem+json", "urn:heliograph:problem:invalid-request", "\"field\":\"Host\"");
        }
    }

    @Test
    void http10NeedsNoHost() throws IOException {
        assertThat(answer("GET /api/realtime/channels/orders-1/events HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.0 200 ");
    }

    private static String answer(String request) throws IOException {
        try (var socket = RawHttp.connect(RestAssured.port)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return RawHttp.readHead(socket);
        }
    }
}
