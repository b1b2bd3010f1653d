package dev.heliograph.wire;

import java.util.OptionalInt;

/**
 * The message to one client before its connection is closed.
 *
 * @param waitMillis the wait before the client connects again; empty: it must not connect again
 */
public record Closing(CloseReason reason, OptionalInt waitMillis) {
    /** With a wait of its own for each client. */
    public static Closing of(CloseReason reason) {
        return new Closing(reason, reason.reconnect().waitMillis());
    }

    /** The JSON object. */
    public String json() {
        String wait = waitMillis.isPresent() ? ",\"retryAfterMs\":" + waitMillis.getAsInt() : "";
        return "{\"code\":" + reason.code() + ",\"reason\":\"" + reason.text() + "\",\"reconnect\":\""
                + reason.reconnect().wireName() + '"' + wait + '}';
    }
}
