package dev.heliograph.access;

import java.time.Duration;
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
    /** How long before the end of its token a client is told of it. */
    public static final Duration NOTICE = Duration.ofSeconds(60);

    public Identity {
        Objects.requireNonNull(grants, "grants");
    }

    /** Whether it is the same one, with another token. False without a subject: such tokens are of anybody. */
    public boolean isSameAs(Identity other) {
        return subject != null && subject.equals(other.subject) && Objects.equals(key, other.key);
    }

    /** Whether it is valid no more. */
    public boolean hasExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }
}
