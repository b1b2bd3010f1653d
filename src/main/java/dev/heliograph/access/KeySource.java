package dev.heliograph.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the keys that verify tokens come from. Any thread may call; nothing blocks. */
interface KeySource extends AutoCloseable {
    /** The newest keys; empty if there were none yet. */
    Optional<TokenKeys> keys();

    /** The keys after one more look for newer ones, or the same; fails with {@code keys-unavailable} if there are none. */
    Uni<TokenKeys> renewed();

    @Override
    void close();

    /**
     * What the configuration says.
     *
     * @return empty if it has no key for tokens
     * @throws IllegalArgumentException that names the configuration key whose value cannot be meant
     */
    static Optional<KeySource> of(AccessConfig.JwtConfig config, MeterRegistry metrics) {
        Configured.check(config);
        if (config.secret().isPresent()) {
            return Optional.of(new Fixed(Configured.secret(config.secret().get())));
        }
        if (config.publicKey().isPresent()) {
            return Optional.of(new Fixed(Configured.publicKey(config.publicKey().get())));
        }
        return config.jwks()
                .map(address -> new Jwks(Configured.jwks(address), Jwks.Times.every(config.jwksInterval()), metrics));
    }

    /** Keys that stay as they are until the gateway is started again. */
    record Fixed(TokenKeys all) implements KeySource {
        @Override
        public Optional<TokenKeys> keys() {
            return Optional.of(all);
        }

        @Override
        public Uni<TokenKeys> renewed() {
            return Uni.createFrom().item(all);
        }

        @Override
        public void close() {}
    }

    /** Reads the configuration. No message shows a secret, nor what may be one by mistake. */
    final class Configured {
        static final String ROOT = "heliograph.access.jwt.";
        private static final String ONE_KEY = "one of " + ROOT + "secret, " + ROOT + "public-key and " + ROOT + "jwks";
        private static final Duration LEAST_INTERVAL = Duration.ofSeconds(10);
        private static final Duration MAX_LEEWAY = Duration.ofMinutes(5);

        private Configured() {}

        static void check(AccessConfig.JwtConfig config) {
            List<String> keys = Stream.of(
                            config.secret().map(is -> "secret"),
                            config.publicKey().map(is -> "public-key"),
                            config.jwks().map(is -> "jwks"))
                    .flatMap(Optional::stream)
                    .toList();
            require(keys.size() <= 1, "secret", "set beside another key " + keys, ONE_KEY);
            require(!keys.isEmpty() || config.issuer().isEmpty(), "issuer", "set without a key", ONE_KEY);
            require(!keys.isEmpty() || config.audience().isEmpty(), "audience", "set without a key", ONE_KEY);
            require(
                    config.jwksInterval().compareTo(LEAST_INTERVAL) >= 0,
                    "jwks-interval",
                    config.jwksInterval(),
                    LEAST_INTERVAL + " or more");
            require(
                    !config.leeway().isNegative() && config.leeway().compareTo(MAX_LEEWAY) <= 0,
                    "leeway",
                    config.leeway(),
                    "PT0S to " + MAX_LEEWAY);
            require(!config.claim().isBlank(), "claim", "blank", "the name of a claim");
        }

        static TokenKeys secret(String secret) {
            try {
                return TokenKeys.ofSecret(secret);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(ROOT + "secret is " + wrong.getMessage());
            }
        }

        static TokenKeys publicKey(String pathOrText) {
            boolean isText =
                    pathOrText.contains("-----") || pathOrText.stripLeading().startsWith("{");
            try {
                return TokenKeys.ofPublicKey(isText ? pathOrText : Files.readString(Path.of(pathOrText)));
            } catch (IOException | InvalidPathException unreadable) {
                throw new IllegalArgumentException(ROOT + "public-key is a file that cannot be read ("
                        + unreadable.getClass().getSimpleName()
                        + "), expected the path of a file with one of these, or its"
                        + " text: " + TokenKeys.EXPECTED);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        ROOT + "public-key is " + (isText ? "" : "the path of a file, ") + wrong.getMessage());
            }
        }

        static URI jwks(String address) {
            try {
                URI uri = URI.create(address);
                if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                    return uri;
                }
            } catch (IllegalArgumentException noAddress) {
                // As one of another scheme.
            }
            throw new IllegalArgumentException(
                    ROOT + "jwks is no address of a JWK set, expected one that begins with https:// or http://");
        }

        private static void require(boolean holds, String key, Object is, String expected) {
            if (!holds) {
                throw new IllegalArgumentException(ROOT + key + " is " + is + ", expected " + expected);
            }
        }
    }
}
