package dev.heliograph.transport.poll;

import dev.heliograph.event.Channel;
import dev.heliograph.http.ReadGate;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import dev.heliograph.wire.WireJson;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;

/**
 * The answer to who asks for documents: those of the channels of which it has no cursor. They are read one after the other,
 * and only so many that what a client costs which takes none of it is bounded.
 */
@Singleton
final class PollDocuments {
    /** Beyond this an answer takes no more; the client asks for the rest at once. */
    private static final int ENOUGH_BYTES = 1 << 20;

    private final DocumentLog documents;
    private final ReadGate gate;

    PollDocuments(DocumentLog documents, ReadGate gate) {
        this.documents = documents;
        this.gate = gate;
    }

    /** What is told so far. */
    private static final class Told {
        private final ByteArrayOutputStream objects = new ByteArrayOutputStream();
        private boolean hasAny;

        void add(Channel channel, Snapshot snapshot) {
            if (objects.size() > 0) {
                objects.write(',');
            }
            objects.writeBytes(WireJson.snapshot(channel, snapshot));
            hasAny |= snapshot.document().isPresent();
        }
    }

    /**
     * @param at where the client stands; set to the positions that the documents are valid at, and left empty for those that
     *     come with the next poll
     * @return the body; fails as {@link DocumentLog#snapshot} and {@link ReadGate} do
     */
    Uni<byte[]> answer(Selection selection, CursorVector at) {
        return gate.pass(System.nanoTime(), () -> read(selection, at, 0, new Told()))
                .onFailure()
                .transform(ReadGate::toProblem)
                .map(told -> PollBody.ofDocuments(
                        told.objects.toByteArray(), told.hasAny, at.cursor(), System.currentTimeMillis()));
    }

    private Uni<Told> read(Selection selection, CursorVector at, int index, Told told) {
        if (index == selection.channels().size() || told.objects.size() >= ENOUGH_BYTES) {
            return Uni.createFrom().item(told);
        }
        if (at.at(index) != null) {
            return read(selection, at, index + 1, told);
        }
        Channel channel = selection.channels().get(index);
        return documents.snapshot(channel).flatMap(snapshot -> {
            at.set(index, snapshot.top());
            told.add(channel, snapshot);
            return read(selection, at, index + 1, told);
        });
    }
}
