package dev.heliograph.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.publish.Publisher.Draft;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventReaderTest {
    private static final CloudEventReader READER = new CloudEventReader();
    private static final Caller CALLER =
            Caller.trusted(new Catalogue(List.of(Namespaces.of("orders", "order.updated"))));
    private static final String REQUIRED =
            """
            {"specversion":"1.0","id":"1","source":"/shop","type":"order.updated","subject":"orders-1","data":{"n":1}""";

    @Test
    void attributesBecomeTheEvent() {
        Draft draft = read(",\"time\":\"2026-01-02T03:04:05Z\"");

        assertThat(draft.channel().name()).isEqualTo("orders-1");
        assertThat(draft.type()).isEqualTo("order.updated");
        assertThat(draft.id()).isEqualTo("1");
        assertThat(draft.time()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(new String(draft.data(), UTF_8)).isEqualTo("{\"n\":1}");
    }

    @Test
    void sourceAndIdTogetherTellARepeat() {
        assertThat(read("").idempotencyKey()).isEqualTo("/shop 1");
    }

    @Test
    void theChannelAttributeGoesBeforeTheSubject() {
        assertThat(read(",\"channel\":\"orders-2\"").channel().name()).isEqualTo("orders-2");
    }

    @Test
    void extensionsAndNullsAreAllowed() {
        assertThat(
                        read(",\"traceparent\":\"00\",\"sequence\":7,\"time\":null,\"datacontenttype\":null,\"channel\":null")
                                .channel()
                                .name())
                .isEqualTo("orders-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"specversion\":\"1.0\"   | \"specversion\":\"0.3\"  | specversion",
                "\"specversion\":\"1.0\"   | \"specversion\":1.0      | specversion",
                "\"id\":\"1\"              | \"id\":\"\"              | id",
                "\"id\":\"1\"              | \"x\":\"1\"              | id",
                "\"source\":\"/shop\"      | \"source\":\"a b\"       | source",
                "\"type\":\"order.updated\"| \"type\":null            | type",
                "\"subject\":\"orders-1\"  | \"x\":\"1\"              | channel",
                "\"subject\":\"orders-1\"  | \"subject\":5,\"channel\":\"orders-1\" | subject",
                "\"data\":{\"n\":1}        | \"data\":[]              | data",
                "\"data\":{\"n\":1}        | \"data_base64\":\"e30=\" | data_base64",
                "\"id\":\"1\"              | \"id\":\"1\",\"datacontenttype\":\"text/xml\" | datacontenttype",
                "\"id\":\"1\"              | \"id\":\"1\",\"id\":\"2\" | id",
                "\"id\":\"1\"              | \"id\":\"1\",\"time\":\"now\" | time"
            })
    void namesWrongMember(String right, String wrong, String field) {
        String text = (REQUIRED + "}").replace(right, wrong);

        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> READER.read(CALLER, text.getBytes(UTF_8)));

        assertThat(refused.problem().field()).isEqualTo(field);
    }

    private static Draft read(String more) {
        return READER.read(CALLER, (REQUIRED + more + "}").getBytes(UTF_8));
    }
}
