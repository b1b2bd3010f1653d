package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentJsonTest {
    private static final String[] EXPONENTS = {
        "",
        "",
        "e0",
        "e5",
        "E-5",
        "e+17",
        "e999",
        "e999999999",
        "e-999999999",
        "e1000000000",
        "e2147483647",
        "e-2147483648",
        "e99999999999"
    };
    private static final int[] DIGITS = {1, 2, 3, 12, 40, 480, 500, 990, 998, 999, 1000, 1001};
    private static final String CHARACTERS = "a/~\" \\\u0000\u001f\u007f\u00e9\u2028\u20ac\ufeff\uffff";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsItsOwnOutputAgain(long seed) {
        var random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 500; i++) {
            byte[] text = ("{\"a\":" + value(random, 4) + "}").getBytes(UTF_8);
            try {
                DocumentJson.object(text);
            } catch (ProblemException e) {
                assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
                continue;
            }
            read++;
            requireReadable(DocumentJson.object(text));
        }
        assertThat(read).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12e2147483647",
                "1e1000000000",
                "1e-1000000000",
                "10e999999999",
                "0.1e-999999999",
                "0e2147483647",
                "1e99999999999"
            })
    void refusesExponentOfMoreThanNineDigits(String number) {
        Problem refused = refusal("{\"a\":[" + number + "]}");

        assertThat(refused.type()).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(refused.field()).isEqualTo("/a/0");
        assertThat(refused.detail()).contains("1000 characters").contains("nine digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1.5E-999999999", "0.1e1000000000", "0e-999999999"})
    void keepsExponentOfNineDigits(String number) {
        requireReadable(DocumentJson.object(("{\"a\":" + number + "}").getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, ''", "-1, 998, ''", "1, 993, e5", "0.1, 997, ''", "1, 993, e-998"})
    void keepsNumberOfAsManyCharactersAsAllowed(String head, int more, String exponent) {
        requireReadable(DocumentJson.object(number(head, more - 1, exponent)));
    }

    @Test
    void refusesLongerNumberByName() {
        for (byte[] document : new byte[][] {
            number("-1", 999, ""), number("0.1", 998, ""), number("1", 997, "e5"), number("1", 991, "e-999999")
        }) {
            Problem refused = refusal(new String(document, UTF_8));

            assertThat(refused.field()).isEqualTo("/a");
            assertThat(refused.detail()).contains("at most 1000 characters");
        }
        assertThat(refusal(new String(number("1", 1000, ""), UTF_8)).detail()).contains("numbers of 1000 digits");
    }

    @Test
    void dropsSignOfZeroAndKeepsItsDigits() {
        assertThat(DocumentJson.object("{\"a\":[-0,-0.00]}".getBytes(UTF_8))).hasToString("{\"a\":[0,0.00]}");
    }

    @Test
    void allowsNamesOfAThousandBytes() {
        for (String name :
                new String[] {"x".repeat(1000), "\\u20ac" + "\u20ac".repeat(332) + "x", "\\u0001".repeat(1000)}) {
            requireReadable(DocumentJson.object(("{\"" + name + "\":1}").getBytes(UTF_8)));
        }
        for (String name : new String[] {"x".repeat(1001), "\u20ac".repeat(334), "\\u0001".repeat(1001)}) {
            assertThat(refusal("{\"" + name + "\":1}").detail()).contains("names of 1000 bytes");
        }
    }

    @Test
    void pointsToThePlaceOfARefusal() {
        for (String wrong : new String[] {"1e99999999999", "\"\\ud800\"", "{\"\":1,\"\":1}"}) {
            String place = wrong.startsWith("{") ? "/a~1b/~0/1//" : "/a~1b/~0/1/";

            assertThat(refusal("{\"a/b\":{\"~\":[{},{\"\":" + wrong + "}]}}").field())
                    .isEqualTo(place);
        }
    }

    @Test
    void readsLongNamesWithoutMoreMemory() {
        byte[] text = LongNames.around(127, "[" + "1,".repeat(66_999) + "1]");

        assertThat(LongNames.bytesAllocatedBy(() -> DocumentJson.object(text))).isLessThan(LongNames.MAX_BYTES);
    }

    static void requireReadable(ObjectNode document) {
        byte[] written = DocumentJson.write(document);
        ObjectNode again = DocumentJson.object(written);

        assertThat(again.equals(document)).isTrue();
        assertThat(DocumentJson.write(again)).isEqualTo(written);
    }

    /** {@code {"a":<head>111...<exponent>}}. */
    private static byte[] number(String head, int more, String exponent) {
        return ("{\"a\":" + head + "1".repeat(more) + exponent + "}").getBytes(UTF_8);
    }

    private static Problem refusal(String document) {
        return catchThrowableOfType(ProblemException.class, () -> DocumentJson.object(document.getBytes(UTF_8)))
                .problem();
    }

    private static String value(Random random, int levels) {
        return switch (random.nextInt(levels == 0 ? 3 : 5)) {
            case 0 -> number(random);
            case 1 -> string(random);
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 3 -> several(random, i -> value(random, levels - 1), "[", "]");
            default ->
                several(
                        random,
                        i -> "\"" + i + string(random).substring(1) + ":" + value(random, levels - 1),
                        "{",
                        "}");
        };
    }

    private static String several(Random random, IntFunction<String> each, String begin, String end) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(each).collect(Collectors.joining(",", begin, end));
    }

    private static String number(Random random) {
        String whole = random.nextBoolean() ? "0" : "7" + digits(random);
        String fraction =
                random.nextBoolean() ? "" : "." + (random.nextBoolean() ? "0".repeat(5) : "") + digits(random);
        return (random.nextBoolean() ? "-" : "") + whole + fraction + EXPONENTS[random.nextInt(EXPONENTS.length)];
    }

    private static String digits(Random random) {
        return random.ints(DIGITS[random.nextInt(DIGITS.length)], 0, 10)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining());
    }

    private static String string(Random random) {
        return random.ints(random.nextInt(6), 0, CHARACTERS.length())
                .mapToObj(at -> "\\u%04x".formatted((int) CHARACTERS.charAt(at)))
                .collect(Collectors.joining("", "\"", random.nextBoolean() ? "\"" : "\\ud83d\\ude00\""));
    }
}
