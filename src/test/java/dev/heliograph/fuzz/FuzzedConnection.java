package dev.heliograph.fuzz;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection to the gateway that is fuzzed, whose port is in {@code -Dfuzz.port}. */
final class FuzzedConnection {
    static final String PORT = "fuzz.port";

    private static final int CONNECT_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;

    private FuzzedConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** @throws IOException if the gateway is not there any more */
    static FuzzedConnection open(int patienceMillis) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(patienceMillis);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger(PORT)), CONNECT_MILLIS);
        return new FuzzedConnection(socket);
    }

    /** From now on, for each byte. */
    void waitAtMost(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    DataInputStream in() {
        return in;
    }

    /** A line without its end. */
    String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    void skip(long bytes) throws IOException {
        for (long i = 0; i < bytes; i++) {
            if (in.read() < 0) {
                throw new EOFException();
            }
        }
    }

    /** Ends it at once, so that its port is free for the next one. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
