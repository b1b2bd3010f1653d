package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;

/** The frames in {@code src/test/resources/wire}, which the TypeScript client is tested with as well. */
final class WireSample {
    private static final String CURSOR_EPOCH = "(\"(?:cursor|from|to)\":\")[A-Za-z0-9]+-";

    private WireSample() {}

    static String read(String name) throws IOException {
        try (InputStream in = WireSample.class.getResourceAsStream("/wire/" + name + ".json")) {
            return new String(in.readAllBytes(), UTF_8).strip();
        }
    }

    /** Compares every character; only epochs may differ, for they are random. */
    static void assertLike(byte[] frame, String name) throws IOException {
        assertThat(withoutEpochs(new String(frame, UTF_8))).isEqualTo(withoutEpochs(read(name)));
    }

    private static String withoutEpochs(String json) {
        return json.replaceAll(CURSOR_EPOCH, "$1EPOCH-");
    }
}
