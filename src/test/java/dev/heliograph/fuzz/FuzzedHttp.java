package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests of HTTP/1.1, over a connection that is kept as long as it can be. Fails if the gateway does not answer as HTTP has
 * it, says that it failed, or puts a part of the request among the headers of its answer.
 */
final class FuzzedHttp {
    /** The first line and headers, an empty line, the body. */
    static final String[] SEEDS = {
        "POST /api/realtime/publish\nContent-Type: application/json\nIdempotency-Key: a-1\n\n"
                + "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{\"status\":\"paid\"}}",
        "POST /api/realtime/publish\nContent-Type: application/cloudevents+json\n\n"
                + "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"order.updated\","
                + "\"subject\":\"orders-1\",\"data\":{\"a\":[1]}}",
        "POST /api/realtime/publish/batch\nContent-Type: application/json\n\n"
                + "{\"events\":[{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}]}",
        "POST /api/realtime/publish/batch\nContent-Type: application/cloudevents-batch+json\n\n[]",
        "GET /api/realtime/poll?channel=orders-1&channel=orders-2&wait=0\nIf-None-Match: \"a-1.b-2\"\n\n",
        "GET /api/realtime/poll?channel=orders-1&document=true\nAccept: application/json\n\n",
        "GET /api/realtime/sse?channel=orders-1&cursor=a-1\nLast-Event-ID: a-2\n\n",
        "HEAD /api/realtime/sse?channel=orders.*&event=order.updated\n\n",
        "GET /api/realtime/ws\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n",
        "GET /api/realtime/channels/orders-1/events?from=a-1&to=a-7&limit=10\n\n",
        "GET /api/realtime/channels/orders-1/latest?type=order.updated\nIf-None-Match: *\n\n",
        "GET /api/realtime/documents/orders-1\nIf-None-Match: \"a-1\"\n"
                + "If-Modified-Since: Sat, 31 Jan 2026 12:00:00 GMT\n\n",
        "PUT /api/realtime/documents/orders-1?event=order.updated\nContent-Type: application/json\nIf-None-Match: *\n\n"
                + "{\"status\":\"new\",\"items\":[1,{}]}",
        "PATCH /api/realtime/documents/orders-1?strategy=merge&event=order.updated\n"
                + "Content-Type: application/merge-patch+json\nIf-Match: \"a-1\"\n\n{\"status\":\"paid\"}",
        "PATCH /api/realtime/documents/orders-1?event=order.updated\nContent-Type: application/json-patch+json\n"
                + "If-Match: *\n\n[{\"op\":\"add\",\"path\":\"/items/-\",\"value\":{}}]",
        "DELETE /api/realtime/documents/orders-1?event=order.updated\nIf-Match: *\n\n",
        "GET /api/realtime/cache\n\n",
        "DELETE /api/realtime/cache/orders-1:order.updated\n\n",
        "POST /api/realtime/cache/invalidate\nContent-Type: application/json\n\n{\"pattern\":\"orders-*\"}",
        "POST /api/realtime/tickets\n\n",
        "GET /api/realtime/sse?channel=orders-1&ticket=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n",
        "POST /api/realtime/sessions/AAAAAAAAAAAAAAAAAAAAAA/refresh\n\n",
        "POST /api/realtime/revocations\nContent-Type: application/json\n\n"
                + "{\"subject\":\"nobody\",\"until\":\"2034-01-15T00:00:00Z\"}",
        "GET /api/realtime/revocations\n\n",
        "DELETE /api/realtime/revocations?subject=nobody\n\n",
        "OPTIONS /api/realtime/documents/orders-1\nOrigin: https://shop.example\n"
                + "Access-Control-Request-Method: PUT\n\n",
        "GET /q/health\n\n",
        "GET /q/openapi\n\n",
        "POST /api/realtime/publish HTTP/1.1\nTransfer-Encoding: chunked\nContent-Type: application/json\n\n"
                + "2\n{}\n0\n\n",
    };

    private static final String[] KEYS = {
        Keys.ORDERS,
        Keys.ORDERS,
        Jwts.token("fuzz", Duration.ofHours(1), Jwts.ORDERS),
        null,
        Keys.NOTHING,
        Keys.ADMIN,
        "x"
    };
    /** A poll may be held back, and the rest of a request may be waited for. */
    private static final int PATIENCE_MILLIS = 300;

    private static final int FAILED = 500;
    private static final String CLOSED = "closed";

    private final Map<String, Long> outcomes = new TreeMap<>();
    private FuzzedConnection connection;

    /** What came of the requests, and how often. */
    Map<String, Long> outcomes() {
        return outcomes;
    }

    /** @param key which key or token it shows, if any */
    void request(byte[] input, int key) throws IOException {
        byte[] request = serialized(input, KEYS[key % KEYS.length]);
        boolean isFresh = connection == null;
        String outcome = isFresh ? onFresh(request, input) : outcome(request, input);
        // By an earlier request, of which two may be in one.
        outcomes.merge(isFresh || !outcome.equals(CLOSED) ? outcome : onFresh(request, input), 1L, Long::sum);
    }

    private String onFresh(byte[] request, byte[] input) throws IOException {
        connection = FuzzedConnection.open(PATIENCE_MILLIS);
        return outcome(request, input);
    }

    private String outcome(byte[] request, byte[] input) throws IOException {
        try {
            connection.send(request);
            return answer(input);
        } catch (SocketTimeoutException held) {
            drop();
            return "none in time";
        } catch (SocketException | EOFException closed) {
            drop();
            return CLOSED;
        }
    }

    private String answer(byte[] input) throws IOException {
        String status = connection.line();
        // Vert.x answers in the version of the request, also if there is no such version.
        Parser.require(status.matches("HTTP/[0-9]+\\.[0-9]+ [1-5][0-9][0-9] .*"), "an answer is HTTP", status);
        int code = Integer.parseInt(status.split(" ")[1]);
        Parser.require(code != FAILED, "the gateway does not fail", status + " to " + new String(input, ISO_8859_1));
        long length = -1;
        boolean isLast = code == 101;
        for (String line = connection.line(); !line.isEmpty(); line = connection.line()) {
            String header = line.toLowerCase(Locale.ROOT);
            Parser.require(!header.startsWith("x-injected"), "no header comes from the request", line);
            isLast |= header.equals("connection: close");
            if (header.startsWith("content-length:")) {
                length = Long.parseLong(
                        header.substring("content-length:".length()).strip());
            }
        }
        boolean hasBody = code != 204 && code != 304 && !startsWith(input, "HEAD ");
        if (isLast || hasBody && length < 0) {
            drop();
        } else if (hasBody) {
            connection.skip(length);
        }
        return Integer.toString(code);
    }

    private void drop() throws IOException {
        connection.reset();
        connection = null;
    }

    /** The request as it is sent: with a host, a length and a key, unless it has them already. */
    private static byte[] serialized(byte[] input, String key) {
        int end = headEnd(input);
        String head = new String(input, 0, end, UTF_8);
        byte[] body = Arrays.copyOfRange(input, Math.min(input.length, end + 2), input.length);
        String first = head.lines().findFirst().orElse("");
        String headers = head.substring(Math.min(head.length(), first.length() + 1));
        String named = "\n" + headers.toLowerCase(Locale.ROOT);
        var request = new StringBuilder(first)
                .append(first.contains(" HTTP/") ? "\r\n" : " HTTP/1.1\r\n")
                .append("Host: localhost\r\n");
        headers.lines().forEach(line -> request.append(line).append("\r\n"));
        if (key != null) {
            request.append("Authorization: ").append(Keys.bearer(key)).append("\r\n");
        }
        if (!named.contains("\ncontent-length:") && !named.contains("\ntransfer-encoding:") && body.length > 0) {
            request.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(request.append("\r\n").toString().getBytes(UTF_8));
        bytes.writeBytes(named.contains("\ntransfer-encoding:") ? chunks(body) : body);
        return bytes.toByteArray();
    }

    private static byte[] chunks(byte[] body) {
        return new String(body, ISO_8859_1).replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private static int headEnd(byte[] input) {
        for (int i = 0; i + 1 < input.length; i++) {
            if (input[i] == '\n' && input[i + 1] == '\n') {
                return i;
            }
        }
        return input.length;
    }

    private static boolean startsWith(byte[] input, String word) {
        return new String(input, 0, Math.min(input.length, word.length()), ISO_8859_1).equals(word);
    }
}
