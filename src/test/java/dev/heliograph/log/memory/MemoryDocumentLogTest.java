package dev.heliograph.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Channel;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLogContract;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryDocumentLogTest extends DocumentLogContract {
    private static final long MAX_BYTES = 8 << 20;
    private static final int LARGE = 300_000;

    private final ManualClock clock = new ManualClock();
    private MemoryEventLog memory;

    @Override
    protected Engine open() {
        memory = new MemoryEventLog(DOCUMENT_CATALOGUE, MAX_BYTES, clock);
        return new Engine(memory, memory);
    }

    @Override
    protected DocumentLog documents() {
        return memory;
    }

    @Override
    protected Instant time() {
        return clock.instant();
    }

    @Override
    protected void letHistoryExpire(Channel channel) {
        clock.advance(HISTORY_TTL);
    }

    @Override
    protected void letRepeatWindowPass(Channel channel, String idempotencyKey) {
        clock.advance(EventLog.REPEAT_WINDOW);
    }

    @Override
    protected void letDocumentExpire(Channel channel) {
        clock.advance(DOCUMENT_TTL);
    }

    @Test
    void refusesDocumentThatDoesNotFitAndForgetsNone() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("orders-" + i), large(), Expected.NOTHING);
        }
        Position top = top(FIREHOSE);

        assertFull();

        assertThat(top(FIREHOSE)).isEqualTo(top);
        assertThat(snapshot(CHANNEL).document()).isEmpty();
        for (int i = 0; i < 3; i++) {
            assertThat(document(new Channel("orders-" + i)).json()).hasSize(large().length());
        }
    }

    @Test
    void aDeletedDocumentMakesRoom() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("orders-" + i), large(), Expected.NOTHING);
        }

        write(new Channel("orders-1"), null, present(new Channel("orders-1")));

        write(CHANNEL, large(), Expected.NOTHING);
    }

    @Test
    void anExpiredDocumentMakesRoomWithoutBeingAskedFor() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("drafts-" + i), large(), Expected.NOTHING);
        }

        clock.advance(DOCUMENT_TTL);

        write(CHANNEL, large(), Expected.NOTHING);
    }

    @Test
    void fullStoreLooksForExpiredDocumentsOnceInASecond() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("drafts-" + i), large(), Expected.NOTHING);
        }
        clock.advance(DOCUMENT_TTL.minusMillis(1));
        assertFull();

        clock.advance(Duration.ofMillis(1));
        assertFull();

        clock.advance(Duration.ofMillis(999));
        write(CHANNEL, large(), Expected.NOTHING);
    }

    @Test
    void aFullStoreTakesSmallerDocumentsInPlaceOfLargerOnes() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("orders-" + i), large(), Expected.NOTHING);
        }

        write(new Channel("orders-1"), "{}", present(new Channel("orders-1")));

        assertThat(document(new Channel("orders-1")).json()).hasSize(2);
    }

    @Test
    void documentsTakeTheirRoomFromTheHistories() {
        for (int i = 0; i < 3; i++) {
            write(new Channel("orders-" + i), large(), Expected.NOTHING);
        }

        for (int i = 0; i < 60; i++) {
            now(log.append(
                    event(new Channel("orders-h" + i), ("{\"x\":\"" + "y".repeat(65_000) + "\"}").getBytes()), null));
        }

        assertThat(memory.bytes()).isLessThan(MAX_BYTES - MAX_BYTES / 4 - 3L * LARGE);
    }

    private void assertFull() {
        assertThatThrownBy(() -> tryWrite(CHANNEL, large(), Expected.NOTHING))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.DOCUMENT_STORE_FULL));
    }

    private static String large() {
        return "{\"x\":\"" + "y".repeat(LARGE) + "\"}";
    }
}
