package dev.heliograph.wire;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/** The client's next step after the gateway has closed its connection. The range of the close code decides. */
enum Reconnect {
    /** Connect again with the cursors, after at most a second: all clients of a node get this at the same time. */
    RETRY(4000, 0, 1000),
    /** Wait 5 to 15 seconds first. */
    BACK_OFF(4100, 5000, 10_000),
    /** Not again without a change. */
    NEVER(4200, 0, 0);

    private final int firstCode;
    private final int leastMillis;
    private final int spreadMillis;

    Reconnect(int firstCode, int leastMillis, int spreadMillis) {
        this.firstCode = firstCode;
        this.leastMillis = leastMillis;
        this.spreadMillis = spreadMillis;
    }

    static Reconnect after(int code) {
        return code < BACK_OFF.firstCode ? RETRY : code < NEVER.firstCode ? BACK_OFF : NEVER;
    }

    /** The name on the wire, e.g. {@code back-off}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The wait of one client, in milliseconds. Each call returns another value, so that not all clients come back at once.
     */
    OptionalInt waitMillis() {
        return this == NEVER
                ? OptionalInt.empty()
                : OptionalInt.of(leastMillis + ThreadLocalRandom.current().nextInt(spreadMillis));
    }
}
