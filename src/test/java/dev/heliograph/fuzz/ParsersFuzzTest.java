package dev.heliograph.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every parser of what comes from outside, with inputs that are almost legal. Nothing but a problem comes out, in time, and
 * what is accepted passes a second check. {@code -Dfuzz.tries=1000000} tries longer.
 */
class ParsersFuzzTest {
    private static final int TRIES = Integer.getInteger(FuzzRun.TRIES, 20_000);
    private static final Pattern COUNTS = Pattern.compile("parser (.+): (\\d+) accepted, (\\d+) refused");
    private static final Pattern HEAP = Pattern.compile("heap: (\\d+) KiB at half, (\\d+) KiB at the end");
    private static final long MOST_GROWTH_KIB = 8 * 1024;
    private static final int CHANGED_BY_KIND = 3;

    @Test
    void parsersRefuseWithProblemsOnlyAndAcceptOnlyWhatIsLegal() throws Exception {
        List<String> output = FuzzRun.of(ParsersFuzz.class, TRIES, FuzzRun.SEED, seeds());

        List<Matcher> counts = found(COUNTS, output);
        counts.forEach(count -> System.out.println(count.group()));
        assertThat(counts).hasSameSizeAs(ParsersFuzz.PARSERS).allSatisfy(count -> {
            long accepted = Long.parseLong(count.group(2));
            long refused = Long.parseLong(count.group(3));
            assertThat(accepted).as("deep enough: %s", count.group()).isPositive();
            assertThat(accepted + refused).as("often enough: %s", count.group()).isGreaterThan(TRIES / 1000);
        });
        Matcher heap = found(HEAP, output).get(0);
        System.out.println(heap.group());
        assertThat(Long.parseLong(heap.group(2)) - Long.parseLong(heap.group(1)))
                .as(heap.group())
                .isLessThan(MOST_GROWTH_KIB);
    }

    private static List<Matcher> found(Pattern pattern, List<String> lines) {
        return lines.stream().map(pattern::matcher).filter(Matcher::matches).toList();
    }

    /**
     * Each seed of each parser as it is, and with one change of each kind and with several. They are the same in each run,
     * so that each parser is tried and accepts often enough, whatever Jazzer makes of them.
     */
    private static List<byte[]> seeds() {
        var random = new Random(FuzzRun.SEED);
        var seeds = new ArrayList<byte[]>();
        for (int parser = 0; parser < ParsersFuzz.PARSERS.size(); parser++) {
            for (int seed = 0; seed < ParsersFuzz.PARSERS.get(parser).seeds().size(); seed++) {
                seeds.add(new byte[] {(byte) parser, (byte) seed});
                for (int i = 0; i < CHANGED_BY_KIND * Mutation.KINDS; i++) {
                    byte[] changes = new byte[2 + Mutation.BYTES_OF_CHANGE * (1 + random.nextInt(3))];
                    random.nextBytes(changes);
                    changes[0] = (byte) parser;
                    changes[1] = (byte) seed;
                    changes[2] = (byte) (i % Mutation.KINDS);
                    seeds.add(changes);
                }
            }
        }
        return seeds;
    }
}
