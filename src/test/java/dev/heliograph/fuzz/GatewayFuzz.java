package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.BugDetectors;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What Jazzer runs against a gateway: the first byte of an input chooses between request and frame, the next three the seed,
 * the key and the form of the frame, the others how the seed is changed.
 */
public final class GatewayFuzz {
    private static final FuzzedHttp HTTP = new FuzzedHttp();
    private static final FuzzedSocket SOCKET = new FuzzedSocket();
    private static final int BYTES_BEFORE_CHANGES = 4;

    private GatewayFuzz() {}

    /** Called by Jazzer at the start. */
    public static void fuzzerInitialize() {
        // Otherwise each connection is taken for a finding.
        BugDetectors.allowNetworkConnections();
    }

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        if (bytes.length < BYTES_BEFORE_CHANGES) {
            return;
        }
        var changes = ByteBuffer.wrap(bytes);
        int kind = changes.get() & 0xFF;
        int seed = changes.get() & 0xFF;
        int first = changes.get() & 0xFF;
        int second = changes.get() & 0xFF;
        if (kind % 2 == 0) {
            String request = FuzzedHttp.SEEDS[seed % FuzzedHttp.SEEDS.length];
            HTTP.request(Mutation.of(request.getBytes(UTF_8), changes), first);
        } else {
            String frame = FuzzedSocket.SEEDS[seed % FuzzedSocket.SEEDS.length];
            SOCKET.send(Mutation.of(frame.getBytes(UTF_8), changes), second, first);
        }
    }

    /** Called by Jazzer at the end. */
    public static void fuzzerTearDown() {
        System.out.println("requests: " + HTTP.outcomes());
        System.out.println("frames: " + SOCKET.outcomes());
    }
}
