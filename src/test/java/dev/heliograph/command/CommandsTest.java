package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.Jwts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands' own words; {@code CommandsIT} uses what they print. */
class CommandsTest {
    private static final String SECRET = "heliograph.access.jwt.secret";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void forgetSecret() {
        System.clearProperty(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tokens | Unmatched argument at index 0: 'tokens', expected token or keys
                    -Dheliograph.access.jwt.secret=x | Unknown option: '-Dheliograph.access.jwt.secret=x', expected token or keys
                    token | Missing required option: '--sub=<subject>'
                    token --sub a --subscribes b | Unknown option
                    token --sub a --expires soon | --expires is "soon", expected e.g. 90s, 10m or 1h
                    token --sub a --expires 0s | --expires is "0s", expected
                    token --sub a --expires -1h | --expires is "-1h", expected
                    token --sub a --subscribe orders* | subscribe has pattern "orders*", expected <namespace>
                    token --sub a --subscribe | Missing required parameter for option '--subscribe'
                    token --sub a/b --read n-{sub} | read has pattern "n-{sub}" with the subject "a/b", expected
                    keys | Missing required subcommand, expected new
                    keys old | Unmatched argument at index 1: 'old', expected new
                    keys new | Missing required parameter: '<name>'
                    keys new Shop | heliograph.access.keys.Shop is no name of a key, expected 1 to 63
                    keys new shop --write a/b | write has pattern "a/b", expected
                    """)
    void saysInOneLineWhatIsWrong(String arguments, String message) {
        System.setProperty(SECRET, Jwts.SECRET);

        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith(message).hasLineCount(1).doesNotContain(Jwts.SECRET);
    }

    @Test
    void mintsNothingWithoutSecret() {
        assertThat(run("token", "--sub", "alice")).isEqualTo(2);
        assertThat(err.toString()).startsWith("heliograph.access.jwt.secret is missing, expected the gateway's secret");
    }

    @Test
    void mintsNothingByShortSecret() {
        System.setProperty(SECRET, "tiger");

        assertThat(run("token", "--sub", "alice")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("heliograph.access.jwt.secret is 5 bytes, expected 32 or more\n");
    }

    @Test
    void printsKeyAndItsConfiguration() {
        assertThat(run("keys", "new", "backend", "--publish", "orders,notes-*", "--read", "orders", "--admin"))
                .isZero();
        assertThat(out.toString())
                .matches("hgk_backend_[A-Za-z0-9_-]{43}\n\n# .*\n"
                        + "heliograph\\.access\\.keys\\.backend\\.sha256=[0-9a-f]{64}\n"
                        + "heliograph\\.access\\.keys\\.backend\\.publish=orders,notes-\\*\n"
                        + "heliograph\\.access\\.keys\\.backend\\.read=orders\n"
                        + "heliograph\\.access\\.keys\\.backend\\.admin=true\n");
    }

    @Test
    void explainsItself() {
        assertThat(run("token", "--help")).isZero();
        assertThat(out.toString()).contains("--sub=<subject>", "--expires=<duration>", "--admin");
    }

    private int run(String... arguments) {
        return Commands.run(new PrintStream(out), new PrintStream(err), arguments);
    }
}
