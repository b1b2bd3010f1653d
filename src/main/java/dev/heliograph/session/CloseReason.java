package dev.heliograph.session;

/**
 * Why the gateway ends a connection. The range of the code says what the client should do: 4000-4099 reconnect at once
 * with its cursors, 4100-4199 back off first, 4200-4299 not again without a change.
 */
public enum CloseReason {
    DRAINING(4000, "this node is shutting down"),
    PING_TIMEOUT(4001, "no answer to a ping"),
    RATE_EXCEEDED(4100, "too many requests beyond the rate"),
    TOO_SLOW(4101, "the client reads more slowly than the namespace tolerates"),
    INTERNAL(4102, "the gateway failed"),
    UNAVAILABLE(4103, "the event log cannot be reached");

    private static final int FIRST_BACK_OFF = 4100;
    private static final int FIRST_NEVER = 4200;

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

    /** What the client should do next: {@code retry}, {@code back-off} or {@code never}. */
    public String reconnect() {
        return code < FIRST_BACK_OFF ? "retry" : code < FIRST_NEVER ? "back-off" : "never";
    }
}
