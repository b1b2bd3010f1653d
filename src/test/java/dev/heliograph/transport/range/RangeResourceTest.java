package dev.heliograph.transport.range;

import static dev.heliograph.fixture.Problems.problem;
import static dev.heliograph.transport.range.Ranges.address;
import static dev.heliograph.transport.range.Ranges.firehoseTop;
import static dev.heliograph.transport.range.Ranges.nextOf;
import static dev.heliograph.transport.range.Ranges.publish;
import static dev.heliograph.transport.range.Ranges.range;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Ranges.Namespaces.class)
class RangeResourceTest {
    private static final String FOR_GOOD = "max-age=31536000, immutable";

    @Test
    void aClosedRangeIsTheEventsAfterFromUpToTo() {
        Position first = publish("orders-closed", "order.created", 1);
        publish("orders-closed", "order.updated", 4);

        range("orders-closed", "from=" + first + "&to=" + first.at(3))
                .body("channel", equalTo("orders-closed"))
                .body("from", equalTo(first.cursor()))
                .body("to", equalTo(first.at(3).cursor()))
                .body("cursor", equalTo(first.at(3).cursor()))
                .body("gap", nullValue())
                .body("events", hasSize(2))
                .body("events[0].cursor", equalTo(first.at(2).cursor()))
                .body("events[0].type", equalTo("order.updated"))
                .body("events[0].channel", equalTo("orders-closed"))
                .body("events[0].firehose", nullValue())
                .body("events[1].cursor", equalTo(first.at(3).cursor()));
    }

    @Test
    void aClosedRangeMayBeKeptForGood() {
        Position first = publish("orders-good", "order.created", 3).at(1);

        range("orders-good", "from=" + first + "&to=" + first.at(3))
                .header("Cache-Control", "public, " + FOR_GOOD)
                .header("ETag", '"' + first.cursor() + '.' + first.at(3).cursor() + '"')
                .header("Link", nullValue());
        range("orders-good", "from=" + first + "&to=" + first).header("Cache-Control", "public, " + FOR_GOOD);
    }

    @Test
    void clientThatHasTheClosedRangeIsToldSo() {
        Position first = publish("orders-cond", "order.created", 3).at(1);
        String address = address("orders-cond", "from=" + first + "&to=" + first.at(3) + "&limit=1");
        String tag = given().get(address).then().statusCode(200).extract().header("ETag");

        given().header("If-None-Match", tag)
                .get(address)
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .header("Cache-Control", "public, " + FOR_GOOD)
                .header("Link", endsWith("rel=\"next\""))
                .body(equalTo(""));
        given().header("If-None-Match", "\"other\", " + tag).get(address).then().statusCode(304);
        given().header("If-None-Match", "*").get(address).then().statusCode(304);
        given().header("If-None-Match", "\"other\"").get(address).then().statusCode(200);
    }

    @Test
    void anOpenRangeIsNotKept() {
        Position top = publish("orders-open", "order.created", 3);

        range("orders-open", "from=" + top.at(1))
                .header("Cache-Control", "no-store")
                .header("ETag", nullValue())
                .body("events", hasSize(2))
                .body("to", nullValue());
        range("orders-open", "from=" + top.at(1) + "&to=" + top.at(4))
                .header("Cache-Control", "no-store")
                .header("Link", nullValue())
                .body("events", hasSize(2))
                .body("cursor", equalTo(top.cursor()));
    }

    @Test
    void pagesAreLinkedToTheEndAndEachMayBeKept() {
        Position top = publish("orders-pages", "order.created", 250);
        String next = "?from=" + top.at(0) + "&to=" + top.at(245) + "&limit=60";
        var pages = new ArrayList<Integer>();
        var cursors = new ArrayList<String>();

        while (next != null) {
            Response page = given().get("/api/realtime/channels/orders-pages/events" + next);
            assertThat(page.header("Cache-Control")).isEqualTo("public, " + FOR_GOOD);
            List<String> onPage = page.path("events.cursor");
            pages.add(onPage.size());
            cursors.addAll(onPage);
            assertThat(page.<String>path("cursor")).isEqualTo(onPage.get(onPage.size() - 1));
            next = nextOf(page);
        }

        assertThat(pages).containsExactly(60, 60, 60, 60, 5);
        assertThat(cursors)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 245)
                        .mapToObj(offset -> top.at(offset).cursor())
                        .toList());
    }

    @Test
    void anOpenRangeIsLinkedUntilItReachesTheNewest() {
        Position top = publish("orders-linked", "order.created", 5);

        Response page = given().get(address("orders-linked", "limit=3"));

        assertThat(nextOf(page)).isEqualTo("?from=" + top.at(3) + "&limit=3");
        range("orders-linked", "from=" + top.at(3) + "&limit=3")
                .header("Link", nullValue())
                .body("events", hasSize(2));
    }

    @Test
    void aPageEndsEarlyRatherThanGrowBeyondAMebibyte() {
        publish("large-bytes", "t", 1);
        Position top = publish("large-bytes", "t", 30, "{\"text\":\"" + "x".repeat(100_000) + "\"}");
        String next = "?from=" + top.at(0) + "&to=" + top + "&limit=1000";
        int events = 0;

        while (next != null) {
            Response page = given().get("/api/realtime/channels/large-bytes/events" + next);
            assertThat(page.asByteArray().length).isBetween(100_000, PageBuilder.MAX_BYTES + 1000);
            assertThat(page.header("Cache-Control")).contains("immutable");
            events += page.<List<?>>path("events").size();
            next = nextOf(page);
        }

        assertThat(events).isEqualTo(31);
    }

    @Test
    void anEventOfAMebibyteIsAPageOfItsOwn() {
        Position top = publish("large-one", "t", 2, "{\"text\":\"" + "x".repeat((1 << 20) - 20) + "\"}");

        range("large-one", "from=" + top.at(0) + "&to=" + top).body("events", hasSize(1));
    }

    @Test
    void theFirehoseHasRanges() {
        Position top = firehoseTop("drivers");
        publish("drivers-1", "driver.online", 1);
        publish("drivers-2", "driver.offline", 1);

        for (String written : List.of("drivers", "drivers.*")) {
            range(written, "from=" + top + "&to=" + top.at(top.offset() + 2))
                    .header("Cache-Control", "public, " + FOR_GOOD)
                    .body("channel", equalTo("drivers"))
                    .body("events.firehose", equalTo(List.of("drivers", "drivers")))
                    .body("events.channel", equalTo(List.of("drivers-1", "drivers-2")));
        }
    }

    @Test
    void aChannelWithoutEventsIsAnEmptyRange() {
        range("orders-never", "").body("events", hasSize(0)).body("cursor", endsWith("-0"));
    }

    @Test
    void dataIsPassedOnByteForByte() {
        Position top = publish("orders-bytes", "order.created", 1, "{\"price\":1.10, \"big\":12345678901234567890.0}");

        String body = given().get(address("orders-bytes", "to=" + top)).asString();

        assertThat(body).contains("\"data\":{\"price\":1.10, \"big\":12345678901234567890.0}}");
    }

    @Test
    void headAnswersAsGetWithoutTheBody() {
        Position first = publish("orders-head", "order.created", 2).at(1);
        String address = address("orders-head", "from=" + first + "&to=" + first.at(2));

        given().head(address)
                .then()
                .statusCode(200)
                .header("Cache-Control", "public, " + FOR_GOOD)
                .header("ETag", equalTo('"' + first.cursor() + '.' + first.at(2) + '"'))
                .body(equalTo(""));
    }

    @Test
    void everyLegalCharacterOfAChannelComesThrough() {
        publish("orders-a_b=@,.;-1", "order.created", 1);

        range("orders-a_b%3D%40%2C.%3B-1", "")
                .body("channel", equalTo("orders-a_b=@,.;-1"))
                .body("events", hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense-1,  '',                   404, unknown-namespace, channel",
        "orders%201,  '',                   400, invalid-channel,   channel",
        "orders-*,    '',                   400, invalid-channel,   channel",
        "orders-1;a,  '',                   400, invalid-channel,   channel",
        "orders-1,    from=x,               400, invalid-cursor,    from",
        "orders-1,    limit=1001,           400, invalid-request,   limit",
        "orders-1,    limit=1&limit=1,      400, invalid-request,   limit",
        "orders-1,    event=order.created,  400, invalid-request,   event",
    })
    void aBadRequestIsRefusedByName(String channel, String query, int status, String slug, String field) {
        problem(given().urlEncodingEnabled(false).get(address(channel, query)), status, slug)
                .body("field", equalTo(field));
    }

    @Test
    void anIllegalConditionIsNoFailureOfTheGateway() {
        Position first = publish("orders-badcond", "order.created", 2).at(1);
        String address = address("orders-badcond", "from=" + first + "&to=" + first.at(2));

        for (String condition : List.of("garbage", "\"", "W/", "", ",")) {
            int status = given().header("If-None-Match", condition).get(address).statusCode();

            assertThat(status).as(condition).isIn(200, 400);
        }
    }
}
