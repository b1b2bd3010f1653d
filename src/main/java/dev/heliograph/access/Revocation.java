package dev.heliograph.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Identities that count no more.
 *
 * @param kind what they have in common
 * @param name the subject, token id or name of the API key
 * @param until when it ends, in whole milliseconds; later the tokens have expired by themselves
 */
public record Revocation(Kind kind, String name, Instant until) {
    /** By what identities are revoked. */
    public enum Kind {
        SUBJECT("subject"),
        TOKEN_ID("tokenId"),
        KEY("key");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The name in requests and answers. */
        public String wireName() {
            return wireName;
        }

        /** What an identity has of this kind; null if it has none. */
        String of(Identity identity) {
            return switch (this) {
                case SUBJECT -> identity.subject();
                case TOKEN_ID -> identity.tokenId();
                case KEY -> identity.key();
            };
        }
    }

    public Revocation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        until = until.truncatedTo(ChronoUnit.MILLIS);
    }
}
