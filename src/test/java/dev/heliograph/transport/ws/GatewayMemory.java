package dev.heliograph.transport.ws;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gateway holds: live objects on its heap, and buffers in use outside of it. */
final class GatewayMemory {
    private static final Pattern HEAP_USED = Pattern.compile("heap +total [^\\n]*, used ([0-9]+)K");
    /** What buffers in use take of the pools, not what the pools keep for the next ones. */
    private static final Pattern BUFFERS = Pattern.compile(
            "netty_allocator_memory_(?:pinned\\{|used\\{allocator_type=\"Unpooled)[^\\n]*memory_type=\"direct\"[^\\n]*} ([0-9.E]+)");

    private static final int READINGS = 3;

    private GatewayMemory() {}

    /** In bytes: the least of several readings, as what is just being done is in each of them. */
    static long used(GatewayProcess gateway) throws IOException, InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            least = Math.min(least, usedNow(gateway));
        }
        return least;
    }

    /** After a full garbage collection. */
    private static long usedNow(GatewayProcess gateway) throws IOException, InterruptedException {
        jcmd(gateway, "GC.run");
        Matcher heap = HEAP_USED.matcher(jcmd(gateway, "GC.heap_info"));
        if (!heap.find()) {
            throw new AssertionError("jcmd does not tell the heap");
        }
        return Long.parseLong(heap.group(1)) * 1024 + buffers(gateway);
    }

    private static long buffers(GatewayProcess gateway) throws IOException {
        String metrics = new GatewayHttp(gateway.httpUri()).get("/q/metrics");
        var values = BUFFERS.matcher(metrics)
                .results()
                .map((MatchResult line) -> line.group(1))
                .toList();
        if (values.isEmpty()) {
            throw new AssertionError("no buffers among the metrics:\n" + metrics);
        }
        return (long) values.stream().mapToDouble(Double::parseDouble).sum();
    }

    private static String jcmd(GatewayProcess gateway, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), "" + gateway.pid(), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
        return output;
    }
}
