package dev.heliograph.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpServer;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of PyJWT (Python) and jose (Node) work, by a secret, by a public key and by a JWK set. */
class TokenLibrariesIT {
    private static final Path SOURCES = Path.of("src", "test", "tokens");
    private static final Path DIRECTORY = Path.of("target", "tokens");
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLAIM = "{\"publish\":[\"orders\"]}";
    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.created\",\"data\":{}}";
    private static final int ACCEPTED = 201;
    private static final int REFUSED = 401;

    private static JsonNode pyjwt;
    private static JsonNode jose;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void mint() throws IOException {
        Installed.require(
                Installed.onPath("node") != null && Installed.onPath("npm") != null,
                "Node is missing: install nodejs and npm, version 18 or later");
        Installed.require(
                Installed.onPath("python3") != null,
                "Python is missing: install python3 and python3-venv, 3.9 or later");
        Files.createDirectories(DIRECTORY);
        for (String file : List.of("requirements.txt", "mint.py", "package.json", "package-lock.json", "mint.mjs")) {
            Files.copy(SOURCES.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run("python3", "-m", "venv", "python");
        run("python/bin/pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements.txt");
        run("npm", "ci", "--no-audit", "--no-fund");
        pyjwt = JSON.readTree(run("python/bin/python", "mint.py", Jwts.SECRET, CLAIM));
        jose = JSON.readTree(run("node", "mint.mjs", Jwts.SECRET, CLAIM));
    }

    @Test
    void areVerifiedBySecret() throws Exception {
        try (var gateway = GatewayProcess.start("heliograph.access.jwt.secret=" + Jwts.SECRET)) {
            for (JsonNode library : List.of(pyjwt, jose)) {
                assertThat(publish(gateway, library, "HS256")).isEqualTo(ACCEPTED);
                assertThat(publish(gateway, library, "RS256")).isEqualTo(REFUSED);
            }
        }
    }

    @Test
    void areVerifiedByPublicKeyOfTheirOwn() throws Exception {
        Path pem = Files.writeString(
                DIRECTORY.resolve("key.pem"), pyjwt.path("pem").textValue());

        try (var gateway = GatewayProcess.start("heliograph.access.jwt.public-key=" + pem.toAbsolutePath())) {
            assertThat(publish(gateway, pyjwt, "RS256")).isEqualTo(ACCEPTED);
            assertThat(publish(gateway, pyjwt, "HS256")).isEqualTo(REFUSED);
            assertThat(publish(gateway, jose, "RS256")).isEqualTo(REFUSED);
        }
    }

    @Test
    void areVerifiedByJwkSet() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ArrayNode keys = JSON.createArrayNode();
        List.of(pyjwt, jose).forEach(library -> library.path("jwks").forEach(keys::add));
        byte[] set = JSON.createObjectNode().set("keys", keys).toString().getBytes(UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, set.length);
                exchange.getResponseBody().write(set);
            }
        });
        server.start();

        try (var gateway = GatewayProcess.start("heliograph.access.jwt.jwks=http://127.0.0.1:"
                + server.getAddress().getPort() + "/keys")) {
            for (JsonNode library : List.of(pyjwt, jose)) {
                for (String algorithm : List.of("RS256", "ES256", "EdDSA")) {
                    assertThat(publish(gateway, library, algorithm))
                            .as(algorithm)
                            .isEqualTo(ACCEPTED);
                }
                assertThat(publish(gateway, library, "HS256")).isEqualTo(REFUSED);
            }
        } finally {
            server.stop(0);
        }
    }

    /** @return the status of the answer */
    private int publish(GatewayProcess gateway, JsonNode library, String algorithm) throws Exception {
        String token = library.path("tokens").path(algorithm).textValue();
        return client.send(
                        HttpRequest.newBuilder(gateway.httpUri().resolve("/api/realtime/publish"))
                                .header("Content-Type", "application/json")
                                .header("Authorization", Keys.bearer(token))
                                .POST(BodyPublishers.ofString(EVENT))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static String run(String... command) {
        return Program.run(LIMIT, DIRECTORY, command);
    }
}
