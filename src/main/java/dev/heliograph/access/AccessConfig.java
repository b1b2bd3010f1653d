package dev.heliograph.access;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may come in: {@code heliograph.access.*}. */
public interface AccessConfig {
    /** Whether the gateway may listen beyond loopback although it asks nobody who they are. */
    @WithDefault("false")
    boolean anonymous();

    JwtConfig jwt();

    /** API keys of backends, by name. */
    Map<String, KeyConfig> keys();

    /** The cookie that holds a token, {@code __Host-heliograph} by preference; none: cookies are not looked at. */
    Optional<String> cookie();

    LimitsConfig limits();

    PolicyConfig policy();

    /** Whether clients are asked who they are, because there is something by which they can show it. */
    default boolean hasKeys() {
        return jwt().isUsed() || !keys().isEmpty();
    }

    /** An application that decides where grants do not allow: {@code heliograph.access.policy.*}. */
    interface PolicyConfig {
        /** Where it is asked, {@code http} or {@code https}; none: it is not asked. */
        Optional<String> url();

        /** The bearer token that the gateway shows it; none: no {@code Authorization}. */
        Optional<String> token();

        /** How many decisions are kept; 1000 or more. */
        @WithDefault("100000")
        int maxDecisions();
    }

    /** Tokens (RFC 7519): {@code heliograph.access.jwt.*}. One of {@code secret}, {@code public-key} and {@code jwks}. */
    interface JwtConfig {
        /** The key of HS256, at least 32 bytes of UTF-8. */
        Optional<String> secret();

        /** The path of a file with one public key in PEM, or a JWK or JWK set (RFC 7517) in JSON; or such text itself. */
        Optional<String> publicKey();

        /** The address of a JWK set, {@code http} or {@code https}; its keys are fetched ahead. */
        Optional<String> jwks();

        /** How often the keys are fetched again; 10 seconds or more. */
        @WithDefault("5m")
        Duration jwksInterval();

        /** The {@code iss} that a token must have; none: any. */
        Optional<String> issuer();

        /** A token must have one of these as {@code aud}; none: any. */
        Optional<Set<String>> audience();

        /** The claim that holds the grants. */
        @WithDefault("heliograph")
        String claim();

        /** By how much clocks may differ when {@code exp} and {@code nbf} are checked; at most 5 minutes. */
        @WithDefault("10s")
        Duration leeway();

        default boolean isUsed() {
            return secret().isPresent() || publicKey().isPresent() || jwks().isPresent();
        }
    }

    /** One API key: {@code heliograph.access.keys.<name>.*}. {@code heliograph keys new} makes it. */
    interface KeyConfig {
        /** SHA-256 of the key, 64 hexadecimal digits. */
        String sha256();

        /** Patterns of the channels on which it may act, for each action; none: none. */
        Optional<List<String>> subscribe();

        Optional<List<String>> publish();

        Optional<List<String>> read();

        Optional<List<String>> write();

        Optional<List<String>> presence();

        /** Whether it may look at the gateway and change it. */
        @WithDefault("false")
        boolean admin();
    }
}
