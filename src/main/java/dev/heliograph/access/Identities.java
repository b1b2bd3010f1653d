package dev.heliograph.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** Finds out who somebody is by the token or the API key that it shows. Any thread may call; nothing blocks. */
@Singleton
public final class Identities {
    private final ApiKeys keys;
    private final Optional<Tokens> tokens;

    /** @throws IllegalArgumentException that names the configuration key whose value cannot be meant */
    Identities(ApiKeys keys, AccessConfig config, MeterRegistry metrics) {
        this.keys = keys;
        this.tokens = Tokens.of(config.jwt(), Clock.systemUTC(), metrics);
    }

    /**
     * @param credential as it came; not null, may be anything
     * @return on any thread, at once if it is known; fails with {@code invalid-token}, {@code token-expired}, {@code
     *     token-revoked}, {@code keys-unavailable} or {@code overloaded}
     */
    public Uni<Identity> of(String credential) {
        return tokens.isEmpty() || ApiKeys.isKey(credential)
                ? Uni.createFrom().item(() -> keys.identity(credential))
                : tokens.get().identity(credential);
    }

    @PreDestroy
    void close() {
        tokens.ifPresent(Tokens::close);
    }
}
