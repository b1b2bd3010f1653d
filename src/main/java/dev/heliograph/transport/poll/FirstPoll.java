package dev.heliograph.transport.poll;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.latest.LatestEvents;
import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import dev.heliograph.wire.WireJson;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Answers polls without a cursor: with where the client stands from now on, and the latest event before that, or the
 * documents.
 */
@Singleton
final class FirstPoll {
    private static final Latest NOTHING = new Latest(Optional.empty(), false, false);

    private final LatestEvents latestEvents;

    FirstPoll(LatestEvents latestEvents) {
        this.latestEvents = latestEvents;
    }

    /**
     * @param caller told only of channels that it may also read
     * @param at where the client stands; moved along if the latest event came since
     * @return the body; fails as {@link LatestEvents#latest} does
     */
    Uni<byte[]> answer(Caller caller, Selection selection, CursorVector at) {
        List<Uni<Latest>> each = new ArrayList<>();
        for (int i = 0; i < selection.channels().size(); i++) {
            Channel channel = selection.channels().get(i);
            // What lies before the place where it stands is told here, or never.
            Position after = at.at(i);
            each.add(caller.mayOnceDecided(Action.READ, channel)
                    .chain(may -> may
                            ? latestEvents.latest(channel, selection.types(), after)
                            : Uni.createFrom().item(NOTHING)));
        }
        return Uni.join().all(each).andFailFast().map(latest -> {
            moveTo(latest, at);
            Optional<Latest> newest = latest.stream()
                    .filter(one -> one.entry().isPresent())
                    .max(Comparator.comparing(one -> one.entry().get().time()));
            byte[] json = newest.flatMap(Latest::entry).map(WireJson::entry).orElse(null);
            boolean isCached = newest.map(Latest::cached).orElse(false);
            return PollBody.ofLatest(json, isCached, at.cursor(), System.currentTimeMillis());
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
