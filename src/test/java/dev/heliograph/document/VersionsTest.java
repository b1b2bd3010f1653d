package dev.heliograph.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fate of versions whose epoch is no longer the log's present one. */
class VersionsTest {
    private static final Channel ORDER = new Channel("orders-1");
    private static final Position VERSION = new Position("former", 3);

    @Test
    void aVersionThatTheHistoryNoLongerReachesWasThere() {
        Position top = new Position("present", 40);

        assertThat(fate(History.of(VERSION.at(2), top.at(2), top, 31, List.of())))
                .isEqualTo(Base.Fate.TRIMMED);
    }

    @Test
    void aVersionOfAnotherLifeIsForeign() {
        assertThat(fate(History.of(VERSION.at(2), new Position("present", 40), 31, List.of())))
                .isEqualTo(Base.Fate.FOREIGN);
    }

    private static Base.Fate fate(History page) {
        return new Versions(new OnePage(page))
                .find(ORDER, VERSION)
                .await()
                .indefinitely()
                .fate();
    }

    /** A log that always has the same to tell. */
    private record OnePage(History page) implements EventLog {
        @Override
        public Uni<Accepted> append(Event event, String idempotencyKey) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<History> since(Channel channel, Position after, int limit) {
            return Uni.createFrom().item(page);
        }

        @Override
        public Uni<List<Entry>> latest(Channel channel) {
            throw new UnsupportedOperationException();
        }
    }
}
