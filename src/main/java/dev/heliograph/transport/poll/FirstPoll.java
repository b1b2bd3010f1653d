package dev.heliograph.transport.poll;

import dev.heliograph.etag.EtagStore;
import dev.heliograph.etag.EtagStore.Latest;
import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Snapshot;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The answer to who does not say where it stands: where that is, and the latest event before it. */
@Singleton
final class FirstPoll {
    private static final byte[] FIRST = {'{'};
    private static final byte[] NEXT = {',', '{'};

    private final EtagStore etags;
    private final DocumentLog documents;

    FirstPoll(EtagStore etags, DocumentLog documents) {
        this.etags = etags;
        this.documents = documents;
    }

    /**
     * The documents of the channels of which the client has no cursor, and where it stands with them.
     *
     * @param at where it stands; set to the positions that the documents are valid at
     */
    Uni<ByteBuf> answerWithDocuments(Selection selection, CursorVector at) {
        List<Integer> unknown = IntStream.range(0, selection.channels().size())
                .filter(i -> at.at(i) == null)
                .boxed()
                .toList();
        List<Uni<Snapshot>> each = unknown.stream()
                .map(i -> documents.snapshot(selection.channels().get(i)))
                .toList();
        return Uni.join().all(each).andFailFast().map(snapshots -> {
            var objects = new ByteArrayOutputStream();
            for (int n = 0; n < snapshots.size(); n++) {
                int i = unknown.get(n);
                at.set(i, snapshots.get(n).top());
                objects.writeBytes(n == 0 ? FIRST : NEXT);
                objects.writeBytes(snapshots.get(n).members(selection.channels().get(i)));
                objects.write('}');
            }
            boolean hasAny = snapshots.stream().anyMatch(one -> one.document().isPresent());
            return Unpooled.wrappedBuffer(
                    PollBody.ofDocuments(objects.toByteArray(), hasAny, at.cursor(), System.currentTimeMillis()));
        });
    }

    /**
     * @param at where the client stands; moved along if the latest event came since
     * @return the body; fails as {@link EtagStore#latest} does
     */
    Uni<ByteBuf> answer(Selection selection, CursorVector at) {
        List<Uni<Latest>> each = new ArrayList<>();
        for (Channel channel : selection.channels()) {
            each.add(etags.latest(channel, selection.types()));
        }
        return Uni.join().all(each).andFailFast().map(latest -> {
            moveTo(latest, at);
            Optional<Latest> newest = latest.stream()
                    .filter(one -> one.entry().isPresent())
                    .max(Comparator.comparing(one -> one.entry().get().time()));
            byte[] json = newest.flatMap(Latest::entry).map(Entry::json).orElse(null);
            boolean isCached = newest.map(Latest::cached).orElse(false);
            return Unpooled.wrappedBuffer(PollBody.ofLatest(json, isCached, at.cursor(), System.currentTimeMillis()));
        });
    }

    /** What is told as the latest is not to be told as new by the next poll. */
    private static void moveTo(List<Latest> latest, CursorVector at) {
        for (int i = 0; i < latest.size(); i++) {
            int index = i;
            latest.get(i)
                    .entry()
                    .map(Entry::position)
                    .filter(position -> position.epoch().equals(at.at(index).epoch())
                            && position.offset() > at.at(index).offset())
                    .ifPresent(position -> at.set(index, position));
        }
    }
}
