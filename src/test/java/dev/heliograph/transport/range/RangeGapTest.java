package dev.heliograph.transport.range;

import static dev.heliograph.transport.range.Ranges.publish;
import static dev.heliograph.transport.range.Ranges.range;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is lost of a range is told, never skipped in silence. */
@QuarkusTest
@TestProfile(Ranges.Namespaces.class)
class RangeGapTest {
    @Test
    void aRangeWithoutFromBeginsWithTheOldestEntryHeld() {
        Position top = publish("short-oldest", "t", 8);

        range("short-oldest", "to=" + top.at(4))
                .header("Cache-Control", "no-store")
                .body("from", equalTo(top.at(3).cursor()))
                .body("gap", nullValue())
                .body("events.cursor", equalTo(List.of(top.at(4).cursor())));
    }

    @Test
    void trimmedEventsAreAGap() {
        Position top = publish("short-trimmed", "t", 8);

        range("short-trimmed", "from=" + top.at(1) + "&to=" + top.at(5))
                .header("Cache-Control", "no-store")
                .body("from", equalTo(top.at(1).cursor()))
                .body("gap.from", equalTo(top.at(1).cursor()))
                .body("gap.to", equalTo(top.at(3).cursor()))
                .body("gap.reason", equalTo("trimmed"))
                .body("events", hasSize(2))
                .body("cursor", equalTo(top.at(5).cursor()));
    }

    @Test
    void aGapEndsWithTheRangeThatWasAskedFor() {
        Position top = publish("short-gone", "t", 8);

        range("short-gone", "from=" + top.at(0) + "&to=" + top.at(2))
                .header("Cache-Control", "no-store")
                .header("Link", nullValue())
                .body("gap.to", equalTo(top.at(2).cursor()))
                .body("events", hasSize(0))
                .body("cursor", equalTo(top.at(2).cursor()));
    }

    @Test
    void aCursorOfAnotherLifeIsAGap() {
        Position top = publish("orders-life", "order.created", 3);

        range("orders-life", "from=gone-7")
                .header("Cache-Control", "no-store")
                .body("gap.from", equalTo("gone-7"))
                .body("gap.to", equalTo(top.at(0).cursor()))
                .body("gap.reason", equalTo("epoch-changed"))
                .body("events", hasSize(3))
                .body("cursor", equalTo(top.cursor()));
        range("orders-life", "from=gone-7&to=gone-9")
                .header("Cache-Control", "no-store")
                .body("gap.reason", equalTo("epoch-changed"))
                .body("events", hasSize(0))
                .body("cursor", equalTo(top.at(0).cursor()));
        range("orders-life", "to=gone-9")
                .header("Cache-Control", "no-store")
                .body("gap.from", equalTo("gone-9"))
                .body("events", hasSize(0))
                .body("cursor", equalTo(top.at(0).cursor()));
    }

    @Test
    void aCursorFromTheFutureIsAGap() {
        Position top = publish("orders-ahead", "order.created", 2);

        range("orders-ahead", "from=" + top.at(5) + "&to=" + top.at(9))
                .header("Cache-Control", "no-store")
                .body("gap.reason", equalTo("ahead"))
                .body("events", hasSize(0))
                .body("cursor", equalTo(top.cursor()));
    }
}
