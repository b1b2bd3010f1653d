package dev.heliograph.transport.socket;

import java.nio.ByteBuffer;

/** Finished server-to-client frames: final, unmasked, uncompressed (RFC 6455, section 5.2). */
public final class SocketFrames {
    /** A ping without data. */
    static final byte[] PING = {(byte) 0x89, 0};

    private static final byte FINAL_TEXT = (byte) 0x81;
    private static final int MAX_SHORT = 125;
    private static final int MAX_MEDIUM = 0xFFFF;
    private static final byte MEDIUM_LENGTH = 126;
    private static final byte LONG_LENGTH = 127;

    private SocketFrames() {}

    /** One text frame whose payload is the parts one after the other. */
    public static byte[] text(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int head = length <= MAX_SHORT ? 2 : length <= MAX_MEDIUM ? 4 : 10;
        ByteBuffer frame = ByteBuffer.allocate(head + length).put(FINAL_TEXT);
        if (length <= MAX_SHORT) {
            frame.put((byte) length);
        } else if (length <= MAX_MEDIUM) {
            frame.put(MEDIUM_LENGTH).putShort((short) length);
        } else {
            frame.put(LONG_LENGTH).putLong(length);
        }
        for (byte[] part : parts) {
            frame.put(part);
        }
        return frame.array();
    }
}
