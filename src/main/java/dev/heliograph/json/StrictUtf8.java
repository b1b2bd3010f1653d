package dev.heliograph.json;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** The check that bytes are well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing cut off. */
final class StrictUtf8 {
    private static final int CHUNK_CHARS = 2048;

    private StrictUtf8() {}

    /** @throws ProblemException {@code invalid-utf8} that names the first bad byte */
    static void require(byte[] text) {
        int firstHigh = 0;
        while (firstHigh < text.length && text[firstHigh] >= 0) {
            firstHigh++;
        }
        if (firstHigh < text.length) {
            decode(ByteBuffer.wrap(text, firstHigh, text.length - firstHigh));
        }
    }

    private static void decode(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(CHUNK_CHARS);
        CoderResult result;
        do {
            chars.clear();
            result = decoder.decode(bytes, chars, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw ProblemException.of(
                    ProblemType.INVALID_UTF8,
                    "byte %d (0x%02X) is not part of a UTF-8 character"
                            .formatted(bytes.position(), bytes.get(bytes.position())));
        }
    }
}
