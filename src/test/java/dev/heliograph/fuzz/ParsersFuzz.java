package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.access.AccessParsers;
import dev.heliograph.access.TokenParsers;
import dev.heliograph.document.DocumentParsers;
import dev.heliograph.document.http.DocumentRequestParsers;
import dev.heliograph.edge.EdgeParsers;
import dev.heliograph.event.EventParsers;
import dev.heliograph.http.HttpParsers;
import dev.heliograph.json.JsonParsers;
import dev.heliograph.latest.LatestParsers;
import dev.heliograph.log.redis.RedisParsers;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.publish.PublishParsers;
import dev.heliograph.publish.redis.HandoverParsers;
import dev.heliograph.session.SessionParsers;
import dev.heliograph.transport.poll.PollParsers;
import dev.heliograph.transport.range.RangeParsers;
import dev.heliograph.transport.ws.WsParsers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Jazzer runs: the first byte chooses the parser, the second one of its seeds, the others how that is changed. Ends with
 * a line for each parser.
 */
public final class ParsersFuzz {
    static final List<Parser> PARSERS = Stream.of(
                    EventParsers.all(),
                    AccessParsers.all(),
                    TokenParsers.all(),
                    EdgeParsers.all(),
                    HttpParsers.all(),
                    JsonParsers.all(),
                    PublishParsers.all(),
                    SessionParsers.all(),
                    WsParsers.all(),
                    PollParsers.all(),
                    RangeParsers.all(),
                    LatestParsers.all(),
                    DocumentParsers.all(),
                    DocumentRequestParsers.all(),
                    RedisParsers.all(),
                    HandoverParsers.all())
            .flatMap(List::stream)
            .toList();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTES_OF_PROBLEM = 4096;
    private static final int BYTES_OF_ESCAPE = 6;

    private static final long[] ACCEPTED = new long[PARSERS.size()];
    private static final long[] REFUSED = new long[PARSERS.size()];

    private static final long HALF = Integer.getInteger(FuzzRun.TRIES, 2) / 2;
    private static long tries;
    private static long heapAtHalf;

    private ParsersFuzz() {}

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (++tries == HALF) {
            heapAtHalf = usedHeapKib();
        }
        var changes = ByteBuffer.wrap(bytes);
        if (changes.remaining() < 2) {
            return;
        }
        int chosen = (changes.get() & 0xFF) % PARSERS.size();
        Parser parser = PARSERS.get(chosen);
        String seed = parser.seeds().get((changes.get() & 0xFF) % parser.seeds().size());
        byte[] input = Mutation.of(seed.getBytes(UTF_8), changes);
        try {
            parser.reading().accept(input);
            ACCEPTED[chosen]++;
        } catch (ProblemException refused) {
            requireSound(refused.problem(), input.length);
            REFUSED[chosen]++;
        } catch (Parser.Refused refused) {
            REFUSED[chosen]++;
        }
    }

    /** Called by Jazzer at the end. */
    public static void fuzzerTearDown() {
        for (int i = 0; i < PARSERS.size(); i++) {
            System.out.printf(
                    "parser %s: %d accepted, %d refused%n", PARSERS.get(i).name(), ACCEPTED[i], REFUSED[i]);
        }
        System.out.printf("heap: %d KiB at half, %d KiB at the end%n", heapAtHalf, usedHeapKib());
    }

    private static long usedHeapKib() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1024;
    }

    /** A problem can be written, and is short: at most a name that came is in it twice, each byte escaped. */
    private static void requireSound(Problem problem, int inputBytes) {
        try {
            byte[] json = JSON.writeValueAsBytes(problem);
            JsonNode read = JSON.readTree(json);
            Parser.require(read.path("detail").textValue().equals(problem.detail()), "a problem is JSON", problem);
            int longest = BYTES_OF_PROBLEM + 2 * BYTES_OF_ESCAPE * inputBytes;
            Parser.require(json.length <= longest, "a problem is short", json.length);
        } catch (IOException e) {
            throw new AssertionError("the problem cannot be written: " + problem, e);
        }
    }
}
