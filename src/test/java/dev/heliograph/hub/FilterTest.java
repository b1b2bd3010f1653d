package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final Set<Kind> BOTH = Set.of(Kind.EVENTS, Kind.DOCUMENTS);

    private final Entry event =
            entry(Events.event(Events.ORDER, "it.happened", 1, "{}").payload());
    private final Entry change =
            entry(new DocumentChange("d", Events.ORDER, "it.happened", Instant.EPOCH, "{}".getBytes(UTF_8))
                    .event()
                    .payload());

    @Test
    void passesDocumentsAloneWhereOnlyTheyAreAskedFor() {
        var documents = new Filter(Set.of(), Set.of(Kind.DOCUMENTS));

        assertThat(documents.passes(change)).isTrue();
        assertThat(documents.passes(event)).isFalse();
    }

    @Test
    void passesChangesOfDocumentsWhateverTheirTypes() {
        var some = new Filter(Set.of("it.ended"), BOTH);

        assertThat(some.passes(change)).isTrue();
        assertThat(some.passes(event)).isFalse();
        assertThat(new Filter(Set.of("it.ended"), Set.of(Kind.EVENTS)).passes(change))
                .isFalse();
    }

    @Test
    void isTheSameForAllEventsWithOrWithoutDocuments() {
        assertThat(new Filter(Set.of(), BOTH)).isEqualTo(new Filter(Set.of(), Set.of(Kind.EVENTS)));
    }

    private static Entry entry(byte[] payload) {
        return new Entry(Events.ORDER, new Position("e", 1), payload);
    }
}
