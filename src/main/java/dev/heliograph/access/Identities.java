package dev.heliograph.access;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Finds out who somebody is by the token or the API key that it shows. Any thread may call; nothing blocks. */
@Singleton
public final class Identities {
    private final ApiKeys keys;

    Identities(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * @param credential as it came; not null, may be anything
     * @return on any thread, at once if it is known; fails with {@code invalid-token}, {@code token-expired}, {@code
     *     token-revoked} or {@code keys-unavailable}
     */
    public Uni<Identity> of(String credential) {
        return Uni.createFrom().item(() -> keys.identity(credential));
    }
}
