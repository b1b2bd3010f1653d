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
    private static final Pattern LIVE_OBJECTS = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");
    /** What buffers in use take of the pools, not what the pools keep for the next ones. */
    private static final Pattern BUFFERS = Pattern.compile(
            "netty_allocator_memory_(?:pinned\\{|used\\{allocator_type=\"Unpooled)[^\\n]*memory_type=\"direct\"[^\\n]*} ([0-9.E]+)");

    private GatewayMemory() {}

    /**
     * In bytes. Objects are counted one by one, those that can be reached: the heap as a whole has up to 1 MiB more in use
     * or less, by what threads have reserved of it and not yet filled.
     */
    static long used(GatewayProcess gateway) throws IOException, InterruptedException {
        Matcher objects = LIVE_OBJECTS.matcher(jcmd(gateway, "GC.class_histogram"));
        if (!objects.find()) {
            throw new AssertionError("jcmd does not tell what is on the heap");
        }
        return Long.parseLong(objects.group(1)) + buffers(gateway);
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
