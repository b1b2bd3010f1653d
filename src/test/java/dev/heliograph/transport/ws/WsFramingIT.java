package dev.heliograph.transport.ws;

import static dev.heliograph.transport.ws.BrokenFrames.PROTOCOL_ERROR;
import static dev.heliograph.transport.ws.LegalFrames.hex;
import static dev.heliograph.transport.ws.LegalFrames.pong;
import static dev.heliograph.transport.ws.LegalFrames.request;
import static dev.heliograph.transport.ws.RawWebSocket.CLOSE;
import static dev.heliograph.transport.ws.RawWebSocket.PING;
import static dev.heliograph.transport.ws.RawWebSocket.PONG;
import static dev.heliograph.transport.ws.RawWebSocket.TEXT;
import static dev.heliograph.transport.ws.RawWebSocket.closing;
import static dev.heliograph.transport.ws.RawWebSocket.frame;
import static dev.heliograph.transport.ws.RawWebSocket.join;
import static dev.heliograph.transport.ws.RawWebSocket.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.transport.ws.RawWebSocket.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The frames of RFC 6455, section 5, byte by byte, in the families of the Autobahn test suite. A request that is padded
 * with white space is a message of any length. Each case has a connection of its own, and ends with a ping that is answered,
 * or with the one closing frame that is right.
 */
class WsFramingIT {
    private static final int MAX_MESSAGE_BYTES = 65_536;
    private static final int NORMAL = 1000;
    private static final byte[] NOTHING = {};

    private static GatewayProcess gateway;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start();
    }

    @AfterAll
    static void endGateway() {
        String log = gateway.output();
        gateway.close();
        assertThat(log).as("clients' mistakes are no errors").doesNotContain(" ERROR ", "\tat ");
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.LegalFrames#all")
    void answersLegalFrames(LegalFrames.Case it) throws IOException {
        try (var socket = connect()) {
            socket.send(it.bytes());

            assertAnswers(socket, it.answers());
            assertStillAnswers(socket);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.LegalFrames#shortOnes")
    void readsByteByByte(LegalFrames.Case it) throws IOException {
        try (var socket = connect()) {
            socket.sendByteByByte(it.bytes());

            assertAnswers(socket, it.answers());
            assertStillAnswers(socket);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.LegalFrames#all")
    void answersFramesThatComeWithTheHandshake(LegalFrames.Case it) throws IOException {
        try (var socket = new RawWebSocket(gateway.port(), it.bytes())) {
            assertAnswers(socket, it.answers());
            assertStillAnswers(socket);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.BrokenFrames#all")
    void closesWithTheRightCode(BrokenFrames.Broken it) throws IOException {
        try (var socket = connect()) {
            socket.send(join(frame(TEXT, request(7, 30)), it.bytes()));

            assertThat(socket.next().text()).startsWith(pong(7));
            assertRefused(socket, it.code());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.BrokenFrames#all")
    void tellsWhyToClientThatClosesAtOnce(BrokenFrames.Broken it) throws IOException {
        try (var socket = connect()) {
            socket.send(join(it.bytes(), closing(NORMAL, NOTHING)));

            assertRefused(socket, it.code());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heliograph.transport.ws.BrokenFrames#all")
    void closesForBrokenFramesThatComeWithTheHandshake(BrokenFrames.Broken it) throws IOException {
        try (var socket = new RawWebSocket(gateway.port(), it.bytes())) {
            assertRefused(socket, it.code());
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void answersALegalCloseWithItsCode(int code) throws IOException {
        try (var socket = connect()) {
            socket.send(closing(code, "bye \u20AC".getBytes(UTF_8)));

            assertThat(socket.next().code()).isEqualTo(code);
            assertHasEnded(socket);
        }
    }

    @Test
    void answersACloseWithTheLongestReason() throws IOException {
        try (var socket = connect()) {
            socket.send(closing(NORMAL, "x".repeat(123).getBytes(UTF_8)));

            assertThat(socket.next().code()).isEqualTo(NORMAL);
            assertHasEnded(socket);
        }
    }

    @Test
    void answersAnEmptyClose() throws IOException {
        try (var socket = connect()) {
            socket.send(frame(CLOSE, NOTHING));

            Frame closing = socket.next();
            assertThat(closing.opcode()).isEqualTo(CLOSE);
            assertThat(closing.code()).isIn(-1, NORMAL);
            assertHasEnded(socket);
        }
    }

    @Test
    void readsNothingAfterAClose() throws IOException {
        byte[] request = request(1, 30);
        for (byte[] after : List.of(
                frame(TEXT, request), frame(PING, NOTHING), closing(1001), frame(5, NOTHING), new byte[] {1, 2, 3})) {
            try (var socket = connect()) {
                socket.send(join(part(TEXT, request), closing(NORMAL), after));

                assertThat(socket.next().code()).isEqualTo(NORMAL);
                assertHasEnded(socket);
            }
        }
    }

    @Test
    void answersARefusedClientOnlyOnceAndEndsAtItsClose() throws IOException {
        try (var socket = connect()) {
            socket.send(join(frame(5, NOTHING), closing(PROTOCOL_ERROR), frame(TEXT, request(1, 30))));

            assertRefused(socket, PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; client_max_window_bits=8, permessage-deflate",
                "x-webkit-deflate-frame",
                "x-webkit-deflate-frame; max_window_bits=8; no_context_takeover",
                "perframe-deflate",
                "deflate-frame",
                "permessage-bzip2",
                "permessage-deflate; unknown=\"a, b\"",
                "x-webkit-deflate-frame, permessage-deflate, foo; bar",
                ";;,=\"",
            })
    void declinesEveryExtension(String offered) throws IOException {
        try (var socket = new RawWebSocket(gateway.port(), NOTHING, "Sec-WebSocket-Extensions: " + offered)) {
            assertThat(socket.head()).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");

            for (int length : new int[] {20, 128, 4096, MAX_MESSAGE_BYTES}) {
                socket.send(frame(TEXT, request(length, length)));
                assertThat(socket.next().text()).startsWith(pong(length));
            }
            socket.send(frame(0xC0 | TEXT, request(1, 30), 30));
            assertRefused(socket, PROTOCOL_ERROR);
        }
    }

    private static RawWebSocket connect() throws IOException {
        return new RawWebSocket(gateway.port(), NOTHING);
    }

    private static void assertAnswers(RawWebSocket socket, List<String> answers) throws IOException {
        for (String answer : answers) {
            Frame next = socket.next();
            assertThat(next.opcode() == PONG ? hex(next.payload()) : next.text())
                    .startsWith(answer);
        }
    }

    private static void assertStillAnswers(RawWebSocket socket) throws IOException {
        socket.send(frame(TEXT, request(999, 30)));
        assertThat(socket.next().text()).startsWith(pong(999));
    }

    private static void assertRefused(RawWebSocket socket, int code) throws IOException {
        String problem = code == 1002 ? "broken-frame" : code == 1007 ? "invalid-utf8" : "frame-too-large";
        assertThat(socket.next().text()).startsWith("{\"error\":{\"type\":\"urn:heliograph:problem:" + problem + "\"");
        assertThat(socket.next().code()).isEqualTo(code);
        socket.endSending();
        assertHasEnded(socket);
    }

    private static void assertHasEnded(RawWebSocket socket) {
        assertThatThrownBy(socket::next).isInstanceOf(EOFException.class);
    }
}
