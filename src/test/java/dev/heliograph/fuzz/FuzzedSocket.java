package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.fixture.Keys;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Frames over a WebSocket that is opened again whenever it was closed. Fails if the gateway says that it failed, or says
 * nothing more although the frame was whole.
 */
final class FuzzedSocket {
    static final String[] SEEDS = {
        "{\"id\":5,\"ping\":{}}",
        "{\"id\":1,\"subscribe\":{\"channel\":\"orders-1\"}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"orders-2\",\"types\":[\"order.updated\",\"order.created\"]}}",
        "{\"id\":\"r\",\"subscribe\":{\"channel\":\"orders.*\",\"cursor\":\"3kq0vkzx5d1n8-1\"}}",
        "{\"id\":7,\"subscribe\":{\"channel\":\"orders-1\",\"document\":true}}",
        "{\"id\":3,\"unsubscribe\":{\"channel\":\"orders-1\"}}",
        "{\"id\":4,\"publish\":{\"channel\":\"orders-1\",\"type\":\"order.created\","
                + "\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"title\":\"Take the parcel\",\"fee\":7.50}}}",
        "{\"id\":8,\"subscribe\":{\"channel\":\"finance-1\"}}",
    };

    private static final int ANSWER_MILLIS = 20_000;
    private static final int PATIENCE_MILLIS = 300;
    private static final int TEXT = 0x81;
    private static final int PING = 0x89;
    private static final int PONG = 10;
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;
    private static final int FAILED = 4102;
    private static final int UNEXPECTED = 1011;
    /** Of 256: how many frames are as they should be, so that others are in the middle of a conversation. */
    private static final int WHOLE = 224;

    private final Map<String, Long> outcomes = new TreeMap<>();
    private FuzzedConnection connection;
    private int pings;

    /** What came of the frames, and how often. */
    Map<String, Long> outcomes() {
        return outcomes;
    }

    /**
     * @param how less than {@value #WHOLE}: one text frame; otherwise the frame's first byte and length are wrong
     * @param first the first byte of a wrong frame
     */
    void send(byte[] payload, int how, int first) throws IOException {
        boolean isWhole = how < WHOLE;
        if (connection == null) {
            open();
        }
        String outcome;
        try {
            // Of a frame that is not whole, the gateway may wait for the rest.
            connection.waitAtMost(isWhole ? ANSWER_MILLIS : PATIENCE_MILLIS);
            int length = payload.length + (isWhole ? 0 : how % 5 - 2);
            connection.send(frame(isWhole ? TEXT : first, Math.max(0, length), payload, how % 7 != 6 || isWhole));
            connection.send(
                    frame(PING, 4, ByteBuffer.allocate(4).putInt(++pings).array(), true));
            outcome = awaitPong();
        } catch (SocketTimeoutException silent) {
            Parser.require(!isWhole, "a whole frame is answered", new String(payload, UTF_8));
            outcome = "nothing more";
        } catch (SocketException | EOFException closed) {
            outcome = "closed without a word";
        }
        if (!outcome.equals("open")) {
            drop();
        }
        outcomes.merge(outcome, 1L, Long::sum);
    }

    private void open() throws IOException {
        connection = FuzzedConnection.open(ANSWER_MILLIS);
        connection.send(("GET /api/realtime/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: " + Keys.bearer(Keys.ORDERS)
                        + "\r\n\r\n")
                .getBytes(US_ASCII));
        String status = connection.line();
        Parser.require(status.contains(" 101 "), "a WebSocket is opened", status);
        while (!connection.line().isEmpty()) {
            // Headers that nobody asks for.
        }
    }

    /** @return {@code open}, or how it was closed */
    private String awaitPong() throws IOException {
        while (true) {
            int opcode = connection.in().readUnsignedByte() & 0x0F;
            byte[] payload = new byte[length()];
            connection.in().readFully(payload);
            if (opcode == PONG) {
                if (payload.length == 4 && ByteBuffer.wrap(payload).getInt() == pings) {
                    return "open";
                }
                // The answer to a ping that the frame has become, with the client's own bytes (RFC 6455, section
                // 5.5.3).
                continue;
            }
            if (opcode == CLOSE) {
                int code = payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort();
                Parser.require(code != FAILED && code != UNEXPECTED, "the gateway does not fail", code);
                return "closed with " + code;
            }
            String text = new String(payload, UTF_8);
            Parser.require(!text.contains("urn:heliograph:problem:internal"), "the gateway does not fail", text);
            Parser.require(!text.contains("\"channel\":\"finance"), "only what is granted is told", text);
        }
    }

    private int length() throws IOException {
        int length = connection.in().readUnsignedByte();
        return switch (length) {
            case 126 -> connection.in().readUnsignedShort();
            case 127 -> Math.toIntExact(connection.in().readLong());
            default -> length;
        };
    }

    private void drop() throws IOException {
        connection.reset();
        connection = null;
    }

    /** Masked with zeros, which leaves the payload as it is. */
    private static byte[] frame(int first, int length, byte[] payload, boolean isMasked) {
        int mask = isMasked ? MASKED : 0;
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (length < 126) {
            frame.put((byte) (mask | length));
        } else if (length <= 0xFFFF) {
            frame.put((byte) (mask | 126)).putShort((short) length);
        } else {
            frame.put((byte) (mask | 127)).putLong(length);
        }
        if (isMasked) {
            frame.putInt(0);
        }
        byte[] bytes = new byte[frame.put(payload).position()];
        System.arraycopy(frame.array(), 0, bytes, 0, bytes.length);
        return bytes;
    }
}
