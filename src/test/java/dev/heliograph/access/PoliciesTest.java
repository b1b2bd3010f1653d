package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    private static final String SECRET = "a".repeat(32);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ftp://app/decide | ftp://app/decide
                    app:8080 | app:8080
                    http:///decide | http:///decide
                    http://app/de cide?key=tiger | http://app/de cide?...
                    https://gateway:tiger@app/decide | https://...@app/decide
                    https://gateway:tig%er@app/decide?key=tiger | https://...@app/decide?...
                    """)
    void refusesAddressWithoutShowingItsSecrets(String url, String shown) {
        assertThatThrownBy(() -> policy("policy.url", url, "jwt.secret", SECRET))
                .hasMessage("heliograph.access.policy.url is " + shown
                        + ", expected an address of http or https without a user")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "policy.max-decisions, 999, heliograph.access.policy.max-decisions is 999",
        "policy.token, ti ger, heliograph.access.policy.token has a space",
        "jwt.secret, '', 'heliograph.access.policy.url is http://app/decide?..., expected nothing, or a key'",
    })
    void refusesOtherIllegalValues(String key, String value, String message) {
        assertThatThrownBy(() -> policy("policy.url", "http://app/decide?key=tiger", "jwt.secret", SECRET, key, value))
                .hasMessageStartingWith(message)
                .hasMessageNotContainingAny("tiger", "ti ger");
    }

    @Test
    void asksNobodyWithoutAddress() {
        assertThat(policy("jwt.secret", SECRET)).isEmpty();
    }

    private static Optional<Policy> policy(String... config) {
        return new Policies()
                .policy(AccessConfigs.of(config), new PolicyCalls(), new Revocations(), new SimpleMeterRegistry());
    }
}
