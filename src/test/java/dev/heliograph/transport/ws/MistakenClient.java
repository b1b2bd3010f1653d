package dev.heliograph.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The connection of a client that makes mistakes: after each test it still answers. */
abstract class MistakenClient {
    static GatewayProcess gateway;
    WsClient client;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start("heliograph.namespaces.jobs.client-publish=true");
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
    void connectionStillAnswers() throws IOException {
        try (WsClient same = client) {
            same.send("{\"id\":\"after\",\"ping\":{}}");
            JsonNode answer = same.next();
            assertThat(answer.path("id").textValue()).as(answer.toString()).isEqualTo("after");
        }
    }

    static void assertProblem(JsonNode frame, String slug) {
        assertThat(frame.at("/error/type").textValue())
                .as(frame.toString())
                .isEqualTo("urn:heliograph:problem:" + slug);
        assertThat(frame.at("/error/detail").textValue()).isNotBlank();
        assertThat(frame.at("/error/status").intValue()).isBetween(400, 499);
    }
}
