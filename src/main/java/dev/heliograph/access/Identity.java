package dev.heliograph.access;

import java.time.Instant;
import java.util.Objects;

/**
 * Somebody who has shown who it is.
 *
 * @param subject who; of an API key, the key's name
 * @param tokenId the {@code jti} of its token (RFC 7519, section 4.1.7); null if it has none
 * @param key the name of its API key; null if it came by a token
 * @param expires when it ends to be valid; null: never
 */
public record Identity(String subject, String tokenId, String key, Instant expires, Grants grants) {
    public Identity {
        Objects.requireNonNull(grants, "grants");
    }

    /** Whether it is valid no more. */
    public boolean hasExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }
}
