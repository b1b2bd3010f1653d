package dev.heliograph.document;

import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The earlier versions of documents: those whose events the history still has. */
@Singleton
final class Versions {
    private final EventLog log;

    Versions(EventLog log) {
        this.log = log;
    }

    /** @param tag as a client sent it; maybe none of ours */
    Uni<Base> find(Channel channel, String tag) {
        Position version;
        try {
            version = Position.parse(tag);
        } catch (ProblemException e) {
            return Uni.createFrom().item(Base.lost(Base.Fate.FOREIGN));
        }
        return version.offset() == 0 ? Uni.createFrom().item(Base.lost(Base.Fate.FOREIGN)) : find(channel, version);
    }

    /** @param version 1 or more */
    Uni<Base> find(Channel channel, Position version) {
        return log.since(channel, version.at(version.offset() - 1), 1).chain(page -> base(channel, version, page));
    }

    private Uni<Base> base(Channel channel, Position version, History page) {
        Uni<Base> base = Uni.createFrom().item(() -> base(page));
        boolean isOfFormerEpoch = page.gap().isEmpty() && !page.start().epoch().equals(version.epoch());
        return isOfFormerEpoch
                // The log may have lost the version itself, and put another event in its place.
                ? log.since(channel, version, 1)
                        .chain(after ->
                                after.gap().isEmpty() ? base : Uni.createFrom().item(Base.lost(Base.Fate.FOREIGN)))
                : base;
    }

    private static Base base(History page) {
        if (page.gap().isEmpty() && !page.entries().isEmpty()) {
            return told(page.entries().get(0));
        }
        boolean wasThere =
                page.gap().filter(gap -> gap.reason() == Gap.Reason.TRIMMED).isPresent();
        return Base.lost(wasThere ? Base.Fate.TRIMMED : Base.Fate.FOREIGN);
    }

    private static Base told(Entry entry) {
        Optional<Snapshot> told = DocumentChange.toldBy(entry);
        if (told.isEmpty()) {
            return Base.lost(Base.Fate.FOREIGN);
        }
        try {
            return Base.known(told.get()
                    .document()
                    .map(it -> DocumentJson.object(it.json()))
                    .orElse(null));
        } catch (ProblemException e) {
            // Written by another release, with other bounds.
            return Base.lost(Base.Fate.FOREIGN);
        }
    }
}
