package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heliograph.fixture.Jwts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySourceTest {
    private static final String P256 = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\","
            + "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
            + "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}";

    @Test
    void isEmptyWithoutKey() {
        assertThat(source()).isEmpty();
    }

    @Test
    void takesOneKey(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key.json"), P256);

        assertThat(algorithms("secret", Jwts.SECRET)).isEqualTo("[HS256]");
        assertThat(algorithms("public-key", P256)).isEqualTo("[ES256]");
        assertThat(algorithms("public-key", file.toString())).isEqualTo("[ES256]");
        assertThatCode(() -> source("jwks", "http://127.0.0.1:9/keys", "jwks-interval", "10s", "leeway", "5m")
                        .orElseThrow()
                        .close())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    secret | tiger | secret is 5 bytes, expected 32 or more
                    public-key | /there/is/none | public-key is a file that cannot be read (NoSuchFileException), expected
                    public-key | / | public-key is a file that cannot be read (IOException), expected
                    public-key | pom.xml | public-key is the path of a file, neither PEM of a public key nor JSON, expected
                    public-key | {} | public-key is JSON without a readable key, expected one public key in PEM
                    public-key | {"keys":[]} | public-key is without a key for tokens, expected
                    public-key | {"kty":"oct","k":"AAAA"} | public-key is without a key for tokens, expected
                    public-key | -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | public-key is neither PEM of a
                    public-key | -----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY----- | public-key is PEM that holds no key
                    jwks | localhost:8080/keys | jwks is no address of a JWK set, expected one that begins with https
                    jwks | file:///etc/passwd | jwks is no address of a JWK set, expected one that begins with https
                    jwks | https:// | jwks is no address of a JWK set, expected one that begins with https
                    jwks-interval | 9s | jwks-interval is PT9S, expected PT10S or more
                    leeway | 301s | leeway is PT5M1S, expected PT0S to PT5M
                    leeway | PT-1S | leeway is PT-1S, expected PT0S to PT5M
                    issuer | https://login.example | issuer is set without a key, expected one of heliograph.access.jwt.secret
                    audience | gateway | audience is set without a key, expected one of
                    """)
    void refusesValueByItsKeyWithoutShowingKeys(String key, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source(key, value))
                .withMessageStartingWith("heliograph.access.jwt." + message)
                .withMessageNotContainingAny("tiger", "AAAA", "oct")
                .withNoCause();
    }

    @Test
    void refusesTwoKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source("secret", Jwts.SECRET, "jwks", "https://login.example/keys"))
                .withMessage(
                        "heliograph.access.jwt.secret is set beside another key [secret, jwks], expected one of"
                                + " heliograph.access.jwt.secret, heliograph.access.jwt.public-key and heliograph.access.jwt.jwks");
    }

    private static String algorithms(String... values) {
        return source(values).orElseThrow().keys().orElseThrow().algorithms().toString();
    }

    private static Optional<KeySource> source(String... values) {
        return KeySource.of(JwtConfigs.of(values), new SimpleMeterRegistry());
    }
}
