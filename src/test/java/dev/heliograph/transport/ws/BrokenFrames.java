package dev.heliograph.transport.ws;

import static dev.heliograph.transport.ws.LegalFrames.json;
import static dev.heliograph.transport.ws.LegalFrames.request;
import static dev.heliograph.transport.ws.RawWebSocket.BINARY;
import static dev.heliograph.transport.ws.RawWebSocket.CLOSE;
import static dev.heliograph.transport.ws.RawWebSocket.CONTINUATION;
import static dev.heliograph.transport.ws.RawWebSocket.PING;
import static dev.heliograph.transport.ws.RawWebSocket.PONG;
import static dev.heliograph.transport.ws.RawWebSocket.TEXT;
import static dev.heliograph.transport.ws.RawWebSocket.closing;
import static dev.heliograph.transport.ws.RawWebSocket.frame;
import static dev.heliograph.transport.ws.RawWebSocket.join;
import static dev.heliograph.transport.ws.RawWebSocket.part;
import static dev.heliograph.transport.ws.RawWebSocket.unmasked;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What RFC 6455 forbids and how it closes the connection, in the families of the Autobahn test suite. */
final class BrokenFrames {
    private static final int MAX_MESSAGE_BYTES = 65_536;
    private static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_PAYLOAD = 1007;
    private static final int MESSAGE_TOO_BIG = 1009;
    private static final byte[] NOTHING = {};

    private BrokenFrames() {}

    record Broken(String name, byte[] bytes, int code) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Broken> all() {
        var cases = new ArrayList<Broken>();
        byte[] request = request(1, 30);
        for (int reserved = 1; reserved < 8; reserved++) {
            for (int opcode : new int[] {TEXT, BINARY, CLOSE, PING, PONG}) {
                byte[] payload = opcode == CLOSE ? NOTHING : request;
                cases.add(wrong(
                        "3: RSV " + reserved + " on opcode " + opcode,
                        frame(0x80 | reserved << 4 | opcode, payload, payload.length)));
            }
            cases.add(wrong(
                    "3: RSV " + reserved + " on a continuation",
                    join(part(TEXT, request), frame(0x80 | reserved << 4, NOTHING, 0))));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.add(wrong("4: opcode " + opcode, frame(opcode, NOTHING)));
            cases.add(wrong("4: opcode " + opcode + " with a payload", frame(opcode, request)));
        }
        cases.add(wrong("2: ping of 126 bytes", frame(PING, new byte[126])));
        cases.add(wrong("2: pong of 126 bytes", frame(PONG, new byte[126])));
        cases.add(wrong("5: ping in fragments", join(part(PING, NOTHING), frame(CONTINUATION, NOTHING))));
        cases.add(wrong("5: pong in fragments", join(part(PONG, NOTHING), frame(CONTINUATION, NOTHING))));
        cases.add(wrong("5: close in fragments", part(CLOSE, NOTHING)));
        cases.add(wrong("5: continuation of nothing", frame(CONTINUATION, request)));
        cases.add(wrong("5: continuation of nothing that goes on", part(CONTINUATION, request)));
        cases.add(wrong("5: text within text", join(part(TEXT, request), frame(TEXT, request))));
        cases.add(wrong("5: fragments within fragments", join(part(TEXT, request), part(TEXT, request))));
        cases.add(wrong("5: binary within text", join(part(TEXT, NOTHING), frame(BINARY, request))));
        cases.addAll(noUtf8());
        cases.add(wrong("7: close of one byte", frame(CLOSE, new byte[] {3})));
        cases.add(wrong("7: close with a reason of 124 bytes", closing(NORMAL, new byte[124])));
        cases.add(noText(
                "7: reason that is no UTF-8",
                closing(NORMAL, (byte) 0xCE, (byte) 0xBA, (byte) 0xED, (byte) 0xA0, (byte) 0x80)));
        cases.add(noText(
                "7: reason that ends within a character", closing(NORMAL, (byte) 'a', (byte) 0xE2, (byte) 0x82)));
        for (int code :
                new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_767, 32_768, 65_535}) {
            cases.add(wrong("7: close with the code " + code, closing(code)));
        }
        cases.add(wrong(
                "9: 125 bytes in the form for 126",
                join(new byte[] {(byte) 0x81, (byte) 0xFE, 0, 125}, new byte[129])));
        cases.add(wrong(
                "9: 65535 bytes in the form for 65536",
                new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 0, -1, -1}));
        cases.add(wrong(
                "9: a length below zero", new byte[] {(byte) 0x81, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0}));
        cases.add(new Broken(
                "9: a frame too long by one", frame(TEXT, request(1, MAX_MESSAGE_BYTES + 1)), MESSAGE_TOO_BIG));
        cases.add(new Broken("9: an exabyte", frame(0x81, NOTHING, 1L << 60), MESSAGE_TOO_BIG));
        cases.add(new Broken(
                "9: a message too long by one",
                join(part(TEXT, new byte[MAX_MESSAGE_BYTES]), frame(CONTINUATION, new byte[1])),
                MESSAGE_TOO_BIG));
        cases.add(new Broken(
                "9: binary too long by one, in parts",
                join(part(BINARY, new byte[MAX_MESSAGE_BYTES - 1]), part(CONTINUATION, new byte[2])),
                MESSAGE_TOO_BIG));
        cases.add(wrong("unmasked text", unmasked(TEXT, request)));
        cases.add(wrong("unmasked ping", unmasked(PING, NOTHING)));
        cases.add(wrong("unmasked close", unmasked(CLOSE, NOTHING)));
        return cases.stream();
    }

    /** Each also cut at every byte, within the character too (RFC 6455, section 5.6). */
    private static List<Broken> noUtf8() {
        var cases = new ArrayList<Broken>();
        for (String hex : List.of(
                "80",
                "bf",
                "c0af",
                "c2",
                "e2",
                "e282",
                "f09f92",
                "e08080",
                "f0808080",
                "f8888080",
                "fc8480808080",
                "eda080",
                "edbfbf",
                "eda080edb080",
                "f4908080",
                "fe",
                "ff",
                "cebaedbc")) {
            byte[] message = json(HexFormat.of().parseHex(hex));
            cases.add(noText("6: " + hex, frame(TEXT, message)));
            for (int at = 18; at <= message.length - 4; at++) {
                cases.add(noText(
                        "6: " + hex + " cut at " + at,
                        join(
                                part(TEXT, Arrays.copyOf(message, at)),
                                frame(CONTINUATION, Arrays.copyOfRange(message, at, message.length)))));
            }
        }
        byte[] unfinished = {'"', (byte) 0xE2, (byte) 0x82};
        cases.add(noText("6: text that ends within a character", frame(TEXT, unfinished)));
        cases.add(noText(
                "6: text whose last fragment is empty and ends within a character",
                join(part(TEXT, unfinished), frame(CONTINUATION, NOTHING))));
        return cases;
    }

    private static Broken wrong(String name, byte[] bytes) {
        return new Broken(name, bytes, PROTOCOL_ERROR);
    }

    private static Broken noText(String name, byte[] bytes) {
        return new Broken(name, bytes, INVALID_PAYLOAD);
    }
}
