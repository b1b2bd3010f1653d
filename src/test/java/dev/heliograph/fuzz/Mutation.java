package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes an input of a seed: Jazzer's bytes are read as a list of changes, so that most inputs are almost legal and get deep
 * into a parser. Each change has four bytes: the kind, the place, and two that say more.
 */
final class Mutation {
    /** Changes that are made at most; afterwards little is left of the seed. */
    private static final int MAX_CHANGES = 6;

    static final int BYTES_OF_CHANGE = 4;
    static final int KINDS = 12;

    /** A little more than the largest frame that is read. */
    private static final int MAX_BYTES = 70_000;

    private static final int MAX_REPEATS_LOG2 = 13;

    /** What may mean something where it does not belong. */
    private static final List<byte[]> TOKENS = List.of(
                    "orders-1",
                    "orders-2",
                    "orders",
                    "orders.*",
                    "orders-*",
                    "finance-1",
                    "finance",
                    "finance.*",
                    "orders-1/../finance",
                    "orders-1%2F..%2Ffinance",
                    "orders%2D1",
                    "%2e%2e%2f",
                    "%",
                    "\u043erders-1",
                    "orders\u20101",
                    "ORDERS-1",
                    "-{sub}",
                    "{sub}",
                    "*",
                    ".*",
                    "?",
                    "-",
                    ".",
                    ";",
                    ",",
                    "\0",
                    "\r\nX-Injected: y",
                    "\n",
                    "\t",
                    "\r",
                    "\r\n ",
                    "\uFEFF",
                    "\\u0000",
                    "\\ud83d",
                    "\\ud83d\\ude00",
                    "\uD83D\uDE00",
                    "\"",
                    "\\",
                    "W/\"a-1\"",
                    "\"a-1\", \"b-2\"",
                    "a-1",
                    "a-1.b-2",
                    "a-01",
                    "a-9999999999999999999",
                    "null",
                    "true",
                    "false",
                    "{}",
                    "[]",
                    "\"\"",
                    "-0",
                    "0",
                    "1.10",
                    "1e400",
                    "1e999999999",
                    "1e9999999999",
                    "10e2147483647",
                    "-1",
                    "256",
                    "999999999999999999",
                    "123456789012345678901234567890",
                    "channel",
                    "data",
                    "id",
                    "time",
                    "type",
                    "types",
                    "cursor",
                    "document",
                    "events",
                    "subject",
                    "order.created",
                    "order.updated",
                    "payment.received",
                    "2026-01-31T12:00:00Z",
                    "2016-12-31T23:59:60Z",
                    "0000-01-01T00:00:00+00:01",
                    "chunked",
                    "Bearer",
                    "hgk_orders_",
                    "eyJhbGciOiJub25lIn0",
                    "eyJhbGciOiJIUzI1NiJ9",
                    "alg",
                    "none",
                    "kid",
                    "exp",
                    "/",
                    "/-",
                    "/items/0",
                    "~1",
                    "~",
                    "add",
                    "remove",
                    "move",
                    "copy",
                    "&channel=orders-2",
                    "&cursor=",
                    "&document=true",
                    "&wait=5")
            .stream()
            .map(token -> token.getBytes(UTF_8))
            .toList();

    /** A part of an input from one index up to another. */
    private record Span(int start, int end) {}

    private Mutation() {}

    /** The changes that are coded in the rest of a buffer, made to a seed. */
    static byte[] of(byte[] seed, ByteBuffer changes) {
        byte[] input = seed;
        for (int i = 0; i < MAX_CHANGES && changes.remaining() >= BYTES_OF_CHANGE; i++) {
            input = change(input, changes);
        }
        return input.length <= MAX_BYTES ? input : Arrays.copyOf(input, MAX_BYTES);
    }

    private static byte[] change(byte[] input, ByteBuffer changes) {
        int kind = changes.get() & 0xFF;
        int place = changes.get() & 0xFF;
        int first = changes.get() & 0xFF;
        int second = changes.get() & 0xFF;
        List<Span> words = words(input);
        Span word = words.get(place % words.size());
        Span other = words.get(first % words.size());
        int at = input.length == 0 ? 0 : (place << 8 | first) % (input.length + 1);
        byte[] token = TOKENS.get(second % TOKENS.size());
        return switch (kind % KINDS) {
            case 0, 1, 2 -> splice(input, word, token);
            case 3 -> splice(input, new Span(word.end, word.end), token);
            case 4 -> splice(input, new Span(word.start, word.start), token);
            case 5 -> splice(input, word, part(input, other));
            case 6 -> splice(input, word, new byte[0]);
            case 7 -> splice(input, new Span(word.end, word.end), part(input, outwards(input, word, first)));
            case 8 -> splice(input, new Span(at, Math.min(at + 1, input.length)), new byte[] {(byte) second});
            case 9 -> splice(input, new Span(at, Math.min(at + second, input.length)), new byte[0]);
            case 10 -> splice(input, word, repeated(part(input, word), token, first, second));
            default -> splice(input, new Span(at, Math.min(at + second, input.length)), rest(changes));
        };
    }

    /** Letters and digits that stand together, and each other byte alone. */
    private static List<Span> words(byte[] input) {
        var words = new ArrayList<Span>();
        for (int start = 0; start < input.length; ) {
            int end = start + 1;
            while (end < input.length && isOfWord(input[start]) && isOfWord(input[end])) {
                end++;
            }
            words.add(new Span(start, end));
            start = end;
        }
        return words.isEmpty() ? List.of(new Span(0, 0)) : words;
    }

    private static boolean isOfWord(byte b) {
        return Character.isLetterOrDigit(b & 0xFF) || b == '_' || b < 0;
    }

    /** A word with some of what is around it, such as a whole member. */
    private static Span outwards(byte[] input, Span word, int bytes) {
        return new Span(Math.max(0, word.start - bytes % 32), Math.min(input.length, word.end + bytes % 64));
    }

    /** Many of the same: deep nesting, long names, numbers of many digits. */
    private static byte[] repeated(byte[] word, byte[] token, int what, int log2) {
        byte[] one =
                switch (what % 5) {
                    case 0 -> word;
                    case 1 -> token;
                    case 2 -> new byte[] {'['};
                    case 3 -> "{\"a\":".getBytes(UTF_8);
                    default -> new byte[] {'7'};
                };
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < 1 << log2 % (MAX_REPEATS_LOG2 + 1) && all.size() < MAX_BYTES; i++) {
            all.writeBytes(one);
        }
        return all.toByteArray();
    }

    private static byte[] rest(ByteBuffer changes) {
        var rest = new byte[changes.remaining()];
        changes.get(rest);
        return rest;
    }

    private static byte[] part(byte[] input, Span span) {
        return Arrays.copyOfRange(input, span.start, span.end);
    }

    private static byte[] splice(byte[] input, Span out, byte[] in) {
        var changed = new ByteArrayOutputStream(input.length + in.length);
        changed.write(input, 0, out.start);
        changed.writeBytes(in);
        changed.write(input, out.end, input.length - out.end);
        return changed.toByteArray();
    }
}
