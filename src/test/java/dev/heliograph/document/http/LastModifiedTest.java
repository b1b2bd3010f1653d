package dev.heliograph.document.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastModifiedTest {
    private static final Instant FIRST = Instant.parse("2026-01-15T10:30:00.200Z");
    private static final Instant SECOND = Instant.parse("2026-01-15T10:30:00.700Z");

    @Test
    void clientWithFirstOfTwoChangesInOneSecondGetsTheSecond() {
        String told = LastModified.of(FIRST, Instant.parse("2026-01-15T10:30:00.500Z"));

        assertThat(LastModified.isBefore(told, SECOND, Instant.parse("2026-01-15T10:30:09Z")))
                .isFalse();
    }

    /** A change has the time at which it began, and may be seen much later. */
    @Test
    void clientGetsChangeThatWasUnderWayInItsSecond() {
        String told = LastModified.of(FIRST, Instant.parse("2026-01-15T10:31:00.900Z"));

        assertThat(LastModified.isBefore(told, SECOND, Instant.parse("2026-01-15T10:32:00Z")))
                .isFalse();
    }

    @Test
    void clientToldWhenNoChangeCanFollowAnyMoreHasIt() {
        Instant later = Instant.parse("2026-01-15T10:31:01Z");

        assertThat(LastModified.of(SECOND, later)).isEqualTo("Thu, 15 Jan 2026 10:30:01 GMT");
        assertThat(LastModified.isBefore(LastModified.of(SECOND, later), SECOND, later))
                .isTrue();
    }

    @Test
    void aChangeInTheSecondThatWasToldIsNotMissed() {
        Instant later = Instant.parse("2026-01-15T10:31:01Z");
        Instant change = Instant.parse("2026-01-15T10:30:01Z");

        assertThat(LastModified.isBefore(LastModified.of(SECOND, later), change, later))
                .isFalse();
    }

    @Test
    void noDateIsToldBeforeItHasCome() {
        assertThat(LastModified.of(FIRST, FIRST)).isEqualTo("Thu, 15 Jan 2026 10:30:00 GMT");
    }

    @Test
    void allThreeFormsOfADateAreRead() {
        Instant now = Instant.parse("2026-01-15T12:00:00Z");

        for (String date : new String[] {
            "Thu, 15 Jan 2026 10:30:01 GMT", "Thursday, 15-Jan-26 10:30:01 GMT", "Thu Jan 15 10:30:01 2026"
        }) {
            assertThat(LastModified.isBefore(date, SECOND, now)).as(date).isTrue();
        }
    }

    @Test
    void valueOtherThanADateThatWasToldCountsAsNotSent() {
        Instant now = Instant.parse("2026-01-15T12:00:00Z");

        for (String date : new String[] {
            null,
            "",
            "yesterday",
            "1768473000",
            "Fri, 16 Jan 2026 10:30:01 GMT",
            "Thu, 15 Jan 2026 10:30:01 +0500",
            "x".repeat(65),
            "x".repeat(65) + " GMT"
        }) {
            assertThat(LastModified.isBefore(date, SECOND, now)).as(date).isFalse();
        }
    }
}
