package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.cache.Announced;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachedDocumentTest {
    private static final Channel ORDER = new Channel("orders-1");
    private static final Document DOCUMENT = new Document("{}".getBytes(UTF_8), at(3), Instant.EPOCH);
    private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05.006Z");

    private final CachedDocument read = CachedDocument.of(new Snapshot(Optional.of(DOCUMENT), at(5)));

    @Test
    void staysCurrentThroughEventsThatAreNoChangeOfIt() {
        assertThat(read.after(entry(6, "{}"))
                        .after(entry(7, "{\"document\":{}}"))
                        .isCurrent())
                .isTrue();
    }

    @Test
    void becomesTheDocumentOfItsChange() {
        CachedDocument after = read.after(change(6));

        assertThat(after.isCurrent()).isTrue();
        assertThat(after.document()).hasValueSatisfying(document -> {
            assertThat(document.version()).isEqualTo(at(6));
            assertThat(document.json()).asString(UTF_8).isEqualTo("{}");
            assertThat(document.modified()).isEqualTo(CHANGED);
        });
    }

    @Test
    void isGoneAfterItsDeletion() {
        CachedDocument after = read.after(change(6, null));

        assertThat(after.isCurrent()).isTrue();
        assertThat(after.document()).isEmpty();
    }

    @Test
    void aChangeAfterAHoleDoesNotMakeItCurrent() {
        CachedDocument after = read.after(change(7));

        assertThat(after.isCurrent()).isFalse();
        assertThat(after.after(change(8)).isCurrent()).isFalse();
    }

    @Test
    void isOutdatedByAHoleAndByANewEpoch() {
        assertThat(read.after(entry(7, "{}")).isCurrent()).isFalse();
        assertThat(read.after(entry(new Position("b", 6), "{}")).isCurrent()).isFalse();
    }

    @Test
    void ignoresChangeThatItHasSeenAlready() {
        assertThat(read.after(change(4))).isSameAs(read);
    }

    @Test
    void takesWriteOfThisNodeIfNobodyWroteAfter() {
        var next = new Document("{\"n\":2}".getBytes(UTF_8), at(6), Instant.EPOCH);

        CachedDocument written = read.written(Optional.of(next), at(6));

        assertThat(written.isCurrent()).isTrue();
        assertThat(written.document()).contains(next);
        assertThat(written.after(change(6))).isSameAs(written);
    }

    @Test
    void ownWriteDoesNotReplaceAnnouncedLaterWrite() {
        CachedDocument heard = read.after(change(6)).after(change(7));

        assertThat(heard.written(Optional.of(DOCUMENT), at(6))).isSameAs(heard);
    }

    @Test
    void isOutdatedByAWriteOfThisNodeIfMoreWasHeardOfAfterAHole() {
        CachedDocument heard = read.after(entry(8, "{}"));

        assertThat(heard.written(Optional.of(DOCUMENT), at(7)).isCurrent()).isFalse();
    }

    @Test
    void isOutdatedByAWriteOfThisNodeInAnotherEpoch() {
        assertThat(read.written(Optional.of(DOCUMENT), new Position("b", 9)).isCurrent())
                .isFalse();
    }

    private static Announced entry(long offset, String data) {
        return entry(at(offset), data);
    }

    private static Announced entry(Position position, String data) {
        var event = new Event("e", ORDER, "order.updated", Instant.EPOCH, data.getBytes(UTF_8));
        return Announced.of(new Entry(ORDER, position, event.payload()), DocumentChange::isToldBy);
    }

    private static Announced change(long offset) {
        return change(offset, "{}".getBytes(UTF_8));
    }

    private static Announced change(long offset, byte[] json) {
        var change = new DocumentChange("c", ORDER, "order.updated", CHANGED, json);
        return Announced.of(new Entry(ORDER, at(offset), change.event().payload()), DocumentChange::isToldBy);
    }

    private static Position at(long offset) {
        return new Position("a", offset);
    }
}
