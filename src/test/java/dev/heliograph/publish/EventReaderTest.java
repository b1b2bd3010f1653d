package dev.heliograph.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.json.JsonText;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final String CHANNEL = "orders-1";
    private static final EventReader READER = new EventReader();
    private static final Caller CALLER =
            Caller.trusted(new Catalogue(List.of(Namespaces.of("orders", "order.updated"))));

    @Test
    void allMembersAreRead() {
        Draft draft = read(
                """
                {"channel":"orders-1","type":"order.updated","data":{},"id":"e","time":"2026-01-02T03:04:05.678Z"}""");

        assertThat(draft.channel().name()).isEqualTo(CHANNEL);
        assertThat(draft.type()).isEqualTo("order.updated");
        assertThat(draft.id()).isEqualTo("e");
        assertThat(draft.time()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(draft.idempotencyKey()).isNull();
    }

    @Test
    void idAndTimeMayBeLeftOut() {
        Draft draft = read(withData("{}"));

        assertThat(draft.id()).isNull();
        assertThat(draft.time()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ \"a\" : [ 1 , 2 ] }",
                "{\"n\":1.10,\"e\":1E400,\"big\":123456789012345678901234567890}",
                "{\"s\":\"\\u00e9 é ☃ 😀 \\\" } \\\\\"}",
                "{\"a\":1,\"a\":2}",
                "{\"\":{\"data\":{}}}"
            })
    void dataStaysByteForByte(String data) {
        assertThat(text(read(withData(data)).data())).isEqualTo(data);
    }

    @Test
    void dataStaysByteForByteWhereverItStands() {
        Draft draft = read("\n { \"data\" :\t{\"é\" : 1}\n , \"type\":\"t\",\"channel\" : \"orders-1\" } \n");

        assertThat(text(draft.data())).isEqualTo("{\"é\" : 1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ﾃ\":1", "{ \"ﾃ\":1", "{\"ﾃﾃ\":1"})
    void charactersNearTheBeginningAreNoByteOrderMark(String start) {
        Draft draft = READER.readRaw(CALLER, CHANNEL, (start + ",\"type\":\"t\"}").getBytes(UTF_8));

        assertThat(text(draft.data())).startsWith("{\"ﾃ");
    }

    @Test
    void lineBreaksInDataBecomeSpaces() {
        assertThat(text(read(withData("{\r\n\"a\":\n\"b\\n\"}")).data())).isEqualTo("{  \"a\": \"b\\n\"}");
    }

    @Test
    void theRequestIsNotChanged() {
        byte[] request = withData("{\n}").getBytes(UTF_8);

        READER.read(CALLER, request);

        assertThat(text(request)).isEqualTo(withData("{\n}"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05.5z, 2026-01-02T03:04:05.5Z",
        "2026-01-02T03:04:05.678+01:30, 2026-01-02T01:34:05.678Z",
        "2026-01-02T03:04:05-00:00, 2026-01-02T03:04:05Z"
    })
    void timesOfAnyOffsetAreRead(String written, Instant time) {
        assertThat(read(with("time", '"' + written + '"')).time()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"yesterday\"",
                "\"2026-01-02\"",
                "\"2026-01-02T03:04Z\"",
                "\"2026-01-02T03:04:05\"",
                "\"2026-02-30T03:04:05Z\"",
                "\"0000-01-01T00:00:00+01:00\"",
                "\"9999-12-31T23:59:59-01:00\"",
                "1767323045",
                "null"
            })
    void otherTimesAreRefused(String time) {
        Problem problem = refusal(with("time", time));

        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(problem.field()).isEqualTo("time");
    }

    @Test
    void refusalShowsFoundValue() {
        assertThat(refusal(with("id", "[1,2]")).detail()).isEqualTo("id is [1,2], expected a string");
        assertThat(refusal(withData("\"text\"")).detail()).isEqualTo("data is \"text\", expected a JSON object");
        assertThat(refusal("{\"channel\":\"orders-1\",\"type\":\"t\"}").detail())
                .isEqualTo("data is missing, expected a JSON object");
    }

    @Test
    void refusalShowsOnlyHeadOfLongValue() {
        assertThat(refusal(with("id", "[" + "1,".repeat(5000) + "1]")).detail()).hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"}",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{} {}",
                "{}]",
                "nul",
                "{\"a\":'b'}",
                "{\"a\":NaN}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{/**/}",
                "\uFEFF{}",
                "{\u0000}"
            })
    void refusesTextThatIsNoJson(String text) {
        assertThat(refusal(text).type()).isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreRefused(String encoding) throws Exception {
        byte[] text = withData("{}").getBytes(encoding);

        assertThat(refusal(text).type()).isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\"", "null", "true"})
    void refusesTextThatIsNoObject(String text) {
        assertThat(refusal(text).type()).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void refusesDeeperNestingThanTheBound() {
        String bomb = "{\"a\":".repeat(100_000);
        String legal = "{\"a\":".repeat(JsonText.MAX_DEPTH - 2) + "{}" + "}".repeat(JsonText.MAX_DEPTH - 2);

        assertThat(refusal(withData(bomb)).detail()).contains("at most 128 levels deep");
        assertThat(text(read(withData(legal)).data())).isEqualTo(legal);
    }

    @Test
    void aRawMessageIsItsDataButForItsType() {
        Draft draft = READER.readRaw(
                CALLER,
                CHANNEL,
                "{ \"n\" : 1.0, \"type\":\"order.updated\",\n\"order\":{\"type\":\"x\" }}".getBytes(UTF_8));

        assertThat(draft.type()).isEqualTo("order.updated");
        assertThat(draft.channel().name()).isEqualTo(CHANNEL);
        assertThat(text(draft.data())).isEqualTo("{\"n\" : 1.0,\"order\":{\"type\":\"x\" }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":1}", "{\"type\":\"a\",\"type\":\"b\"}"})
    void aRawMessageNeedsOneType(String message) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> READER.readRaw(CALLER, CHANNEL, message.getBytes(UTF_8)));

        assertThat(refused.problem().field()).isEqualTo("type");
    }

    private static String withData(String data) {
        return "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":" + data + "}";
    }

    private static String with(String member, String value) {
        return "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{},\"" + member + "\":" + value + "}";
    }

    private static Draft read(String text) {
        return READER.read(CALLER, text.getBytes(UTF_8));
    }

    private static Problem refusal(String text) {
        return refusal(text.getBytes(UTF_8));
    }

    private static Problem refusal(byte[] text) {
        return catchThrowableOfType(ProblemException.class, () -> READER.read(CALLER, text))
                .problem();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
