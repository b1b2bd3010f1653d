package dev.heliograph.transport.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeQueryTest {
    @Test
    void everythingMayBeLeftOut() {
        RangeQuery query = query("");

        assertThat(query).isEqualTo(new RangeQuery(null, null, 100));
        assertThat(query.isClosed()).isFalse();
    }

    @Test
    void aRangeWithBothEndsIsClosed() {
        RangeQuery query = query("from=e-3&to=e-3&limit=1000");

        assertThat(query).isEqualTo(new RangeQuery(new Position("e", 3), new Position("e", 3), 1000));
        assertThat(query.isClosed()).isTrue();
    }

    @Test
    void theNextPageKeepsTheEndAndTheLimit() {
        assertThat(query("from=e-3&to=e-9&limit=2").next(new Position("e", 5))).isEqualTo("?from=e-5&to=e-9&limit=2");
        assertThat(query("").next(new Position("e", 100))).isEqualTo("?from=e-100&limit=100");
    }

    @ParameterizedTest
    @CsvSource({
        "from=yesterday,         invalid-cursor,  from",
        "from=,                  invalid-cursor,  from",
        "to=e-01,                invalid-cursor,  to",
        "from=e-3&to=e-2,        invalid-cursor,  to",
        "limit=0,                invalid-request, limit",
        "limit=1001,             invalid-request, limit",
        "limit=-1,               invalid-request, limit",
        "limit=1.0,              invalid-request, limit",
        "limit=99999999999,      invalid-request, limit",
        "limit=,                 invalid-request, limit",
        "limit=1&limit=2,        invalid-request, limit",
        "from=e-1&from=e-1,      invalid-request, from",
        "cursor=e-1,             invalid-request, cursor",
        "From=e-1,               invalid-request, From",
    })
    void wrongParameterIsNamed(String text, String slug, String field) {
        var refusal = catchThrowableOfType(ProblemException.class, () -> query(text));

        assertThat(refusal.problem().type().slug()).isEqualTo(slug);
        assertThat(refusal.problem().field()).isEqualTo(field);
        assertThat(refusal.problem().detail()).startsWith(field + " is ").contains("expected");
    }

    private static RangeQuery query(String text) {
        var parameters = new MultivaluedHashMap<String, String>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            parameters.add(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return RangeQuery.of(parameters);
    }
}
