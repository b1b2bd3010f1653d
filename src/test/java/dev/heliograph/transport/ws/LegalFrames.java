package dev.heliograph.transport.ws;

import static dev.heliograph.transport.ws.RawWebSocket.BINARY;
import static dev.heliograph.transport.ws.RawWebSocket.CONTINUATION;
import static dev.heliograph.transport.ws.RawWebSocket.PING;
import static dev.heliograph.transport.ws.RawWebSocket.PONG;
import static dev.heliograph.transport.ws.RawWebSocket.TEXT;
import static dev.heliograph.transport.ws.RawWebSocket.frame;
import static dev.heliograph.transport.ws.RawWebSocket.join;
import static dev.heliograph.transport.ws.RawWebSocket.part;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What RFC 6455 allows and how it is answered, in the families of the Autobahn test suite. */
final class LegalFrames {
    private static final int MAX_MESSAGE_BYTES = 65_536;
    private static final byte[] NOTHING = {};

    private LegalFrames() {}

    /** @param answers each the text of a frame begins so, or the hexadecimal payload of a pong */
    record Case(String name, byte[] bytes, List<String> answers) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Those that may be written byte by byte. */
    static Stream<Case> shortOnes() {
        return all().filter(it -> it.bytes().length < 4096);
    }

    static Stream<Case> all() {
        var cases = new ArrayList<Case>();
        for (int length : new int[] {20, 125, 126, 127, 128, 65_535, MAX_MESSAGE_BYTES}) {
            cases.add(answered("1: text of " + length + " bytes", frame(TEXT, request(1, length)), 1));
            cases.add(new Case(
                    "1: binary of " + length + " bytes",
                    frame(BINARY, new byte[length]),
                    List.of("{\"error\":{\"type\":\"urn:heliograph:problem:binary-frame\"")));
        }
        cases.add(malformed("1: empty text", frame(TEXT, NOTHING)));
        for (byte[] payload : List.of(NOTHING, "Hello".getBytes(UTF_8), new byte[] {0, -1, -2, 127}, new byte[125])) {
            cases.add(new Case("2: ping of " + payload.length + " bytes", frame(PING, payload), List.of(hex(payload))));
        }
        cases.add(new Case("2: pong that nobody asked for", frame(PONG, "x".getBytes(UTF_8)), List.of()));
        cases.add(new Case(
                "2: such a pong, then a ping", join(frame(PONG, NOTHING), frame(PING, new byte[] {7})), List.of("07")));
        cases.add(new Case(
                "2: ten pings",
                join(IntStream.range(0, 10)
                        .mapToObj(i -> frame(PING, new byte[] {(byte) i}))
                        .toArray(byte[][]::new)),
                IntStream.range(0, 10).mapToObj(i -> hex(new byte[] {(byte) i})).toList()));
        byte[] request = request(1, 30);
        cases.addAll(fragmented(request));
        for (String text : List.of(
                "κόσμε",
                "\u0000",
                "\u007F\u0080",
                "\u07FF\u0800",
                "\uD7FF\uE000\uFFFD\uFFFE\uFFFF",
                "\uD800\uDC00\uDBFF\uDFFF")) {
            byte[] message = json(text.getBytes(UTF_8));
            cases.add(refusedUnderItsId("6: " + hex(text.getBytes(UTF_8)), frame(TEXT, message)));
            cases.add(refusedUnderItsId(
                    "6: " + hex(text.getBytes(UTF_8)) + ", a frame for each byte", bytewise(message)));
        }
        for (int size : new int[] {256, 1024, 1300, 4096, 16_384, 65_535}) {
            cases.add(answered("9, 10: 64 KiB in frames of " + size, inParts(request(1, MAX_MESSAGE_BYTES), size), 1));
        }
        return cases.stream();
    }

    private static List<Case> fragmented(byte[] request) {
        byte[] head = Arrays.copyOf(request, 9);
        byte[] tail = Arrays.copyOfRange(request, 9, request.length);
        byte[] ping = frame(PING, new byte[] {1});
        return List.of(
                answered("5: two fragments", join(part(TEXT, head), frame(CONTINUATION, tail)), 1),
                new Case(
                        "5: ping between two fragments",
                        join(part(TEXT, head), ping, frame(CONTINUATION, tail)),
                        List.of("01", pong(1))),
                new Case(
                        "5: pings and pongs between three fragments",
                        join(
                                part(TEXT, head),
                                ping,
                                part(CONTINUATION, NOTHING),
                                frame(PONG, NOTHING),
                                ping,
                                frame(CONTINUATION, tail)),
                        List.of("01", "01", pong(1))),
                answered("5: a frame for each byte", bytewise(request), 1),
                answered("5: empty first fragment", join(part(TEXT, NOTHING), frame(CONTINUATION, request)), 1),
                answered("5: empty last fragment", join(part(TEXT, request), frame(CONTINUATION, NOTHING)), 1),
                answered(
                        "5: empty fragments everywhere",
                        join(
                                part(TEXT, NOTHING),
                                part(CONTINUATION, NOTHING),
                                part(CONTINUATION, head),
                                part(CONTINUATION, NOTHING),
                                part(CONTINUATION, tail),
                                frame(CONTINUATION, NOTHING)),
                        1),
                malformed("5: nothing but empty fragments", join(part(TEXT, NOTHING), frame(CONTINUATION, NOTHING))),
                new Case(
                        "5: binary with an empty first fragment",
                        join(part(BINARY, NOTHING), frame(CONTINUATION, new byte[] {1})),
                        List.of("{\"error\":{\"type\":\"urn:heliograph:problem:binary-frame\"")),
                new Case(
                        "5: two messages of two fragments",
                        join(
                                part(TEXT, head),
                                frame(CONTINUATION, tail),
                                part(TEXT, NOTHING),
                                frame(CONTINUATION, request(2, 30))),
                        List.of(pong(1), pong(2))));
    }

    private static Case answered(String name, byte[] bytes, int id) {
        return new Case(name, bytes, List.of(pong(id)));
    }

    private static Case refusedUnderItsId(String name, byte[] bytes) {
        return new Case(
                name, bytes, List.of("{\"id\":1,\"error\":{\"type\":\"urn:heliograph:problem:invalid-request\""));
    }

    private static Case malformed(String name, byte[] bytes) {
        return new Case(name, bytes, List.of("{\"error\":{\"type\":\"urn:heliograph:problem:malformed-json\""));
    }

    static byte[] request(int id, int length) {
        String request = "{\"id\":" + id + ",\"ping\":{}}";
        return (request + " ".repeat(length - request.length())).getBytes(UTF_8);
    }

    static String pong(int id) {
        return "{\"id\":" + id + ",\"pong\":{}}";
    }

    /** A request with a member of that name; a NUL is escaped, as JSON wants it. */
    static byte[] json(byte[] name) {
        byte[] shown = name.length == 1 && name[0] == 0 ? "\\u0000".getBytes(UTF_8) : name;
        return join("{\"id\":1,\"ping\":{\"".getBytes(UTF_8), shown, "\":1}}".getBytes(UTF_8));
    }

    private static byte[] bytewise(byte[] message) {
        return inParts(message, 1);
    }

    private static byte[] inParts(byte[] message, int size) {
        var frames = new ArrayList<byte[]>();
        for (int at = 0; at < message.length; at += size) {
            byte[] payload = Arrays.copyOfRange(message, at, Math.min(at + size, message.length));
            int opcode = at == 0 ? TEXT : CONTINUATION;
            frames.add(at + size < message.length ? part(opcode, payload) : frame(opcode, payload));
        }
        return join(frames.toArray(byte[][]::new));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
