package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.fixture.RawHttp;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A WebSocket as bytes: writes what no client would, and shows every frame that comes. For one thread. */
final class RawWebSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final Socket socket;
    private final DataInputStream in;
    private final String head;

    /** A frame that the gateway sent: always final and without reserved bits. */
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, UTF_8);
        }

        /** Of a closing frame; -1 if it has none. */
        int code() {
            return payload.length < 2 ? -1 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    /** @param behind what goes into the same segment as the handshake */
    RawWebSocket(int port, byte[] behind, String... headers) throws IOException {
        socket = RawHttp.connect(port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        try {
            String handshake = RawHttp.handshake("/api/realtime/ws", headers)
                    .replaceFirst("\r\n", "\r\nHost: localhost:" + port + "\r\n");
            send(join(handshake.getBytes(US_ASCII), behind));
            var read = new StringBuilder();
            while (read.indexOf("\r\n\r\n") < 0) {
                read.append((char) in.readUnsignedByte());
            }
            head = read.toString();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The head of the answer to the handshake. */
    String head() {
        return head;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Each byte in a segment of its own, as far as the network lets it be. */
    void sendByteByByte(byte[] bytes) throws IOException {
        for (byte one : bytes) {
            socket.getOutputStream().write(one);
        }
    }

    /** Nothing more comes from this side. */
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /** @throws EOFException if the gateway has closed the connection */
    Frame next() throws IOException {
        int first;
        try {
            first = in.readUnsignedByte();
        } catch (SocketException reset) {
            throw new AssertionError("the gateway dropped what was on its way", reset);
        }
        if ((first & 0xF0) != FINAL) {
            throw new AssertionError("a frame begins with " + Integer.toHexString(first));
        }
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        return new Frame(first & 0x0F, in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A final frame, masked. */
    static byte[] frame(int opcode, byte[] payload) {
        return frame(FINAL | opcode, payload, payload.length);
    }

    /** A frame after which its message goes on. */
    static byte[] part(int opcode, byte[] payload) {
        return frame(opcode, payload, payload.length);
    }

    /** @param first the first byte: FIN, reserved bits and opcode */
    static byte[] frame(int first, byte[] payload, long claimedLength) {
        var length = ByteBuffer.allocate(9);
        if (claimedLength < 126) {
            length.put((byte) (MASKED | claimedLength));
        } else if (claimedLength <= 0xFFFF) {
            length.put((byte) (MASKED | 126)).putShort((short) claimedLength);
        } else {
            length.put((byte) (MASKED | 127)).putLong(claimedLength);
        }
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return join(new byte[] {(byte) first}, bytes(length), MASK, masked);
    }

    static byte[] unmasked(int opcode, byte[] payload) {
        return join(new byte[] {(byte) (FINAL | opcode), (byte) payload.length}, payload);
    }

    static byte[] closing(int code, byte... reason) {
        return frame(CLOSE, join(ByteBuffer.allocate(2).putShort((short) code).array(), reason));
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }
}
