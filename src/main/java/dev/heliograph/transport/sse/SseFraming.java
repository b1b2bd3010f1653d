package dev.heliograph.transport.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** How the bytes of an event are put on the connection. */
enum SseFraming {
    /** Each event is one chunk (RFC 9112, section 7.1). */
    CHUNKS {
        @Override
        byte[] frame(byte[]... parts) {
            int length = 0;
            for (byte[] part : parts) {
                length += part.length;
            }
            var chunk = new ByteArrayOutputStream(length + 12);
            chunk.writeBytes(Integer.toHexString(length).getBytes(US_ASCII));
            chunk.writeBytes(LINE_END);
            for (byte[] part : parts) {
                chunk.writeBytes(part);
            }
            chunk.writeBytes(LINE_END);
            return chunk.toByteArray();
        }
    },
    /** As it is: HTTP/1.0 knows no chunks, and HTTP/2 has frames of its own. */
    RAW {
        @Override
        byte[] frame(byte[]... parts) {
            var raw = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                raw.writeBytes(part);
            }
            return raw.toByteArray();
        }
    };

    private static final byte[] LINE_END = {'\r', '\n'};

    /** The parts, one after the other. */
    abstract byte[] frame(byte[]... parts);
}
