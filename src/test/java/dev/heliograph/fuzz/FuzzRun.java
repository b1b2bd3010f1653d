package dev.heliograph.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A run of Jazzer over one class, in a JVM of its own. {@code -Dfuzz.tries} says how many inputs, {@code
 * -Dheliograph.test.seed} repeats a run.
 */
final class FuzzRun {
    static final String TRIES = "fuzz.tries";
    static final long SEED = Long.getLong("heliograph.test.seed", 14);

    private static final Path ROOT = Path.of("target", "fuzz").toAbsolutePath();
    private static final int SECONDS_FOR_INPUT = 10;
    private static final int INPUTS_A_SECOND_AT_LEAST = 20;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int MOST_BYTES = 512;
    private static final int SHOWN_LINES = 60;

    private FuzzRun() {}

    /**
     * Runs to the end, and fails with the last lines of the output if something was found.
     *
     * @param target has {@code fuzzerTestOneInput(byte[])}
     * @param seeds the inputs to begin with
     * @param options of the JVM
     * @return what it wrote
     */
    static List<String> of(Class<?> target, int tries, long seed, List<byte[]> seeds, String... options)
            throws IOException, InterruptedException {
        System.out.println(
                target.getSimpleName() + " with -D" + TRIES + "=" + tries + " -Dheliograph.test.seed=" + seed);
        Path directory = emptied(ROOT.resolve(target.getSimpleName()));
        Path samples = Files.createDirectories(directory.resolve("seeds"));
        // Jazzer makes no input that is longer than the longest of these.
        Files.write(samples.resolve("longest"), new byte[MOST_BYTES]);
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(samples.resolve(Integer.toString(i)), seeds.get(i));
        }
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command(target, tries, seed, directory, samples, options))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Duration limit = START_LIMIT.plusSeconds(tries / INPUTS_A_SECOND_AT_LEAST);
            boolean hasEnded = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            // Inputs are bytes, and Jazzer prints them.
            List<String> lines = Files.readString(output, StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
            assertThat(hasEnded)
                    .as("ends within %s, see %s: %s", limit, output, end)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("nothing is found, see %s: %s", output, end)
                    .isZero();
            return lines;
        } finally {
            Program.endWithChildren(process);
        }
    }

    private static List<String> command(
            Class<?> target, int tries, long seed, Path directory, Path samples, String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // Most runs are shorter than what the better compiler takes.
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + TRIES + "=" + tries));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.heliograph.**",
                "--custom_hook_includes=dev.heliograph.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-seed=" + seed,
                "-runs=" + tries,
                "-max_len=" + MOST_BYTES,
                "-timeout=" + SECONDS_FOR_INPUT,
                // The heap has a bound above. This one would count what the JVM of the tests ever took.
                "-rss_limit_mb=0",
                "-verbosity=0",
                Files.createDirectories(directory.resolve("corpus")).toString(),
                samples.toString()));
        return command;
    }

    private static Path emptied(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        return Files.createDirectories(directory);
    }
}
