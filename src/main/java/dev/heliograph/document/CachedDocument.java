package dev.heliograph.document;

import dev.heliograph.cache.Announced;
import dev.heliograph.cache.CorrectingLog.Answer;
import dev.heliograph.cache.Followed;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import java.util.Optional;

/**
 * A document as this node last saw it, and whether that may be out of date. Immutable.
 *
 * @param document empty if there was none
 * @param validAt the position of its channel at which it was so
 * @param heard the newest position that was announced since; the last that there can be if that is not known
 * @param isCurrent whether all that was announced since is in it, and nothing may have been missed
 */
record CachedDocument(Optional<Document> document, Position validAt, Position heard, boolean isCurrent)
        implements Followed.Value<CachedDocument> {
    /** About what a kept document costs beside its bytes. */
    private static final int OVERHEAD_BYTES = 512;

    /** As it was read. */
    static CachedDocument of(Snapshot read) {
        return new CachedDocument(read.document(), read.top(), read.top(), true);
    }

    /** The later of the two. If that is the read, it is out of date: only another read can tell what it is now. */
    @Override
    public CachedDocument overtakenBy(CachedDocument before) {
        return before != null && before.isAsLateAs(validAt)
                ? before
                : new CachedDocument(document, validAt, validAt.at(Long.MAX_VALUE), false);
    }

    /** Whether the log, which was read after this was so, does not have it. What it has beyond this the feed announces. */
    @Override
    public boolean isRefutedBy(Answer answer) {
        boolean isOfThisLife =
                answer.top().epoch().equals(heard.epoch()) && answer.top().offset() >= heard.offset();
        return !isOfThisLife || (answer.document() != null && !agreesWith(answer.document()));
    }

    /** Whether both are of one version, in one epoch. */
    @Override
    public boolean isSameAs(CachedDocument other) {
        return version().equals(other.version()) && heard.epoch().equals(other.heard.epoch());
    }

    /** Keeps it: it is the fallback while the log cannot be read. */
    @Override
    public CachedDocument doubted() {
        return isCurrent ? new CachedDocument(document, validAt, heard, false) : this;
    }

    /** After this node changed it. */
    CachedDocument written(Optional<Document> next, Position version) {
        if (!version.epoch().equals(heard.epoch())) {
            return doubted();
        }
        if (version.offset() <= validAt.offset()) {
            return this;
        }
        // What was announced beyond the version may be a later change of another node.
        return version.offset() >= heard.offset() ? new CachedDocument(next, version, version, true) : doubted();
    }

    @Override
    public CachedDocument after(Announced entries) {
        Position last = entries.last();
        boolean isSameLife = last.epoch().equals(heard.epoch());
        if (isSameLife && last.offset() <= heard.offset()) {
            return this;
        }
        if (!isCurrent || !isSameLife || entries.first() > heard.offset() + 1) {
            return new CachedDocument(document, validAt, last, false);
        }
        return Optional.ofNullable(entries.newest().get(true))
                .filter(change -> change.offset() > heard.offset())
                .flatMap(DocumentChange::toldBy)
                .map(told -> new CachedDocument(told.document(), told.top(), last, true))
                .orElseGet(() -> new CachedDocument(document, validAt, last, true));
    }

    @Override
    public int bytes() {
        return OVERHEAD_BYTES + document.map(it -> it.json().length).orElse(0);
    }

    private boolean isAsLateAs(Position position) {
        return validAt.epoch().equals(position.epoch()) && validAt.offset() >= position.offset();
    }

    private boolean agreesWith(Snapshot read) {
        Optional<Position> there = read.document().map(Document::version);
        return there.equals(version())
                || there.filter(version -> version.epoch().equals(heard.epoch()) && version.offset() > heard.offset())
                        .isPresent();
    }

    private Optional<Position> version() {
        return document.map(Document::version);
    }
}
