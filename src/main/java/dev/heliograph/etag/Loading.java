package dev.heliograph.etag;

import dev.heliograph.log.Entry;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One read of a channel's latest entries that is under way, shared by all who wait for it, and what was announced
 * meanwhile: the read may have come before or after that. Any thread may call.
 */
final class Loading {
    private final AtomicReference<Heard> heard = new AtomicReference<>(new Heard(Optional.empty(), false));
    private final Uni<ChannelLatest> result;

    /** @param isSpoiled whether the result must not be kept: it may be older than a doubt or an invalidation */
    private record Heard(Optional<Run> run, boolean isSpoiled) {
        /** What a hole parts from the entry is forgotten: the read has it, or the two cannot be joined anyway. */
        Heard and(Entry entry) {
            Run more = run.isEmpty() ? Run.of(entry) : run.get().then(entry);
            return new Heard(Optional.of(more), isSpoiled);
        }

        Optional<ChannelLatest> joined(ChannelLatest latest) {
            return run.isEmpty() ? Optional.of(latest) : latest.with(run.get());
        }
    }

    /** @param read is subscribed once, by the first who waits */
    Loading(Function<Loading, Uni<ChannelLatest>> read) {
        result = read.apply(this).memoize().indefinitely();
    }

    Uni<ChannelLatest> result() {
        return result;
    }

    void hear(Entry entry) {
        heard.updateAndGet(before -> before.and(entry));
    }

    void spoil() {
        heard.updateAndGet(before -> new Heard(before.run, true));
    }

    /** What may be kept: the latest with all that was announced so far; empty if that is spoiled or cannot be told. */
    Optional<ChannelLatest> joined(ChannelLatest latest) {
        Heard now = heard.get();
        return now.isSpoiled ? Optional.empty() : now.joined(latest);
    }

    /** What may be answered to those who asked before this: the newest that is known. */
    ChannelLatest answer(ChannelLatest read) {
        return heard.get().joined(read).orElse(read);
    }
}
