package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that reads as fast as it can and notes how long each event was under way. */
final class TimedClient implements Runnable, AutoCloseable {
    private static final String SENT = "\"data\":{\"sent\":";
    private static final int HEAD_BYTES = 400;

    private final WsClient connection;
    private final long[] nanos;
    private final AtomicInteger received = new AtomicInteger();

    /** @param events how many are kept at the most */
    TimedClient(int port, String channel, int events) throws IOException {
        connection = WsClient.connect(port).withoutLimit();
        connection.subscribe(channel);
        connection.next();
        nanos = new long[events];
    }

    /** The member that an event's data has to begin with. */
    static String sentNow() {
        return "\"sent\":" + System.nanoTime();
    }

    @Override
    public void run() {
        try {
            while (true) {
                byte[] frame = connection.nextText();
                var head = new String(frame, 0, Math.min(HEAD_BYTES, frame.length), US_ASCII);
                int start = head.indexOf(SENT) + SENT.length();
                long sent = Long.parseLong(head.substring(start, head.indexOf(',', start)));
                nanos[received.get()] = System.nanoTime() - sent;
                received.incrementAndGet();
            }
        } catch (WsClient.Closed end) {
            // As the test wants it.
        }
    }

    int received() {
        return received.get();
    }

    /** Of the events from one to another, in the order in which they came. */
    long[] nanos(int from, int to) {
        return Arrays.copyOfRange(nanos, from, to);
    }

    @Override
    public void close() {
        connection.close();
    }
}
