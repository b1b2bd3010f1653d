package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log must not hold. {@link GatewayProcess#close} looks through what every gateway of every test wrote. */
class SecretsIT {
    private static final String[] KEYS =
            Keys.config().entrySet().stream().map(Object::toString).toArray(String[]::new);

    @Test
    void requestsThatFailLeaveNoKeyInLog() throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of(KEYS));
        options.add("quarkus.log.category.\"dev.heliograph\".level=DEBUG");
        options.add("quarkus.http.access-log.enabled=false");
        try (var gateway = GatewayProcess.start(options.toArray(String[]::new))) {
            for (String key : List.of(Keys.ORDERS, Keys.NOTHING, "hgk_orders_" + "x".repeat(43))) {
                for (String address :
                        List.of("channels/orders-1/latest", "poll?channel=nothing-1", "documents/orders")) {
                    var request = HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/" + address))
                            .header("Authorization", Keys.bearer(key))
                            .build();
                    assertThat(HttpClient.newHttpClient()
                                    .send(request, BodyHandlers.ofString())
                                    .body())
                            .doesNotContain(key);
                }
            }
        }
    }

    @Test
    void keyInPlaceOfItsHashIsNotShown() {
        String said = GatewayProcess.startRefused("heliograph.access.keys.shop.sha256=" + Keys.ORDERS);

        assertThat(said)
                .contains("heliograph.access.keys.shop.sha256 is not the hash of a key")
                .doesNotContain("hgk_orders");
    }

    /** Otherwise no test would notice a leak: the host is shown if it does not resolve. */
    @Test
    void leakFailsTest() {
        assertThatThrownBy(() -> GatewayProcess.startRefused("quarkus.http.host=" + Keys.ORDERS))
                .hasMessageContaining("The gateway wrote secrets into its log");
    }
}
