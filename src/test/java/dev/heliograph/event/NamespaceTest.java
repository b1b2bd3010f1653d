package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.fixture.Namespaces;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {
    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "P36500DT1S", "PT2562047788015215H"})
    void refusesTtlThatRedisCannotKeep(String ttl) {
        assertThatThrownBy(() -> Namespaces.withDocumentTtl("orders", Duration.parse(ttl), "order.updated"))
                .hasMessageContaining("document-ttl")
                .hasMessageContaining("1s to 36500d");
    }

    @Test
    void takesTheLongestTtl() {
        Namespaces.withDocumentTtl("orders", Duration.ofDays(36_500), "order.updated");
    }
}
