package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Grants;
import dev.heliograph.access.Identity;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A parser of what clients send, as {@link ParsersFuzz} tries it.
 *
 * @param reading reads an input and checks the result by a second, obvious way; throws {@code ProblemException} if the parser
 *     refuses the input, and nothing else
 * @param seeds inputs from which others are made, most of them legal
 */
public record Parser(String name, Consumer<byte[]> reading, List<String> seeds) {
    /** One namespace that is granted, and one that is not. */
    public static final Catalogue CATALOGUE = new Catalogue(
            List.of(closed("orders", "order.created", "order.updated"), closed("finance", "payment.received")));

    /** May do everything with the channels of {@code orders} and its firehose, and nothing with others. */
    public static final Caller CALLER = caller();

    /** How a half of a surrogate pair, which UTF-8 cannot have, is written in inputs. */
    private static final String HALF_PAIR = "\\ud83d";

    private static final String LINE_END = "\n";

    /** A refusal by a parser that has other ways to say so than a problem. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused() {
            super(null, null, false, false);
        }
    }

    public static Parser ofBytes(String name, Consumer<byte[]> reading, String... seeds) {
        return new Parser(name, reading, List.of(seeds));
    }

    public static Parser ofText(String name, Consumer<String> reading, String... seeds) {
        return new Parser(name, input -> reading.accept(text(input)), List.of(seeds));
    }

    /** @param reading of the input's lines, of which there is at least one */
    public static Parser ofLines(String name, Consumer<List<String>> reading, String... seeds) {
        return ofText(name, input -> reading.accept(Arrays.asList(input.split(LINE_END, -1))), seeds);
    }

    /** @param reading of a request as {@link FuzzedRequest} has it */
    public static Parser ofRequest(String name, Consumer<FuzzedRequest> reading, String... seeds) {
        return ofText(name, input -> reading.accept(FuzzedRequest.of(input).orElseThrow(Refused::new)), seeds);
    }

    /** @throws AssertionError if it does not hold */
    public static void require(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new AssertionError(rule + ", but found " + found);
        }
    }

    /** @throws AssertionError if a channel was let pass that nothing grants */
    public static void requireGranted(Channel channel) {
        String name = channel.name();
        require(name.equals("orders") || name.startsWith("orders-"), "only channels of orders are granted", name);
        require(name.matches("[A-Za-z0-9_=@,.;-]{1,164}"), "channels have legal names", name);
    }

    /** With nothing that is open to all. */
    private static Namespace closed(String name, String... types) {
        return new Namespace(
                name,
                Set.of(types),
                1000,
                1000,
                Duration.ofHours(1),
                Set.of(),
                true,
                65_536,
                SlowClientPolicy.REPLAY,
                Optional.empty(),
                CacheProfile.REALTIME);
    }

    private static String text(byte[] input) {
        return new String(input, UTF_8).replace(HALF_PAIR, "\ud83d");
    }

    private static Caller caller() {
        var patterns = new EnumMap<Action, List<String>>(Action.class);
        for (Action action : Action.values()) {
            patterns.put(action, List.of("orders", "orders.*"));
        }
        return Caller.anonymous(CATALOGUE, false, "127.0.0.1")
                .as(new Identity("fuzz", null, null, null, Grants.of(patterns, false, "fuzz")));
    }
}
