package dev.heliograph.wire;

/**
 * The reason for which the gateway ends a connection. The range of the code gives the client's next step: {@link
 * Reconnect}.
 *
 * <p>A new one also needs a line in {@code docs/protocol.md}.
 */
public enum CloseReason {
    DRAINING(4000, "this node is shutting down"),
    PING_TIMEOUT(4001, "no answer to a ping"),
    RATE_EXCEEDED(4100, "too many requests beyond the rate"),
    TOO_SLOW(4101, "the client reads more slowly than the namespace tolerates"),
    INTERNAL(4102, "the gateway failed"),
    UNAVAILABLE(4103, "the event log cannot be reached"),
    TOKEN_EXPIRED(4200, "the token has expired"),
    UNAUTHENTICATED(4201, "the client did not say in time who it is"),
    TOKEN_REVOKED(4202, "the token or key was revoked"),
    FORBIDDEN(4203, "the new token grants nothing that the client listens to");

    private final int code;
    private final String text;

    CloseReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The status code of the close frame (RFC 6455, section 7.4.2: 4000-4999 are private). */
    public int code() {
        return code;
    }

    /** For people; at most 123 bytes, so that it fits into a close frame. */
    public String text() {
        return text;
    }

    public Reconnect reconnect() {
        return Reconnect.after(code);
    }
}
