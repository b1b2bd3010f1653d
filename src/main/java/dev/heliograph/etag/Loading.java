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

    /** @param isSpoiled whether something may have been missed, so that the result must not be kept */
    private record Heard(Optional<Run> run, boolean isSpoiled) {
        Heard and(Entry entry) {
            if (isSpoiled) {
                return this;
            }
            Optional<Run> longer =
                    run.isEmpty() ? Optional.of(Run.of(entry)) : run.get().then(entry);
            return new Heard(longer, longer.isEmpty());
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
        heard.set(new Heard(Optional.empty(), true));
    }

    /** The latest with all that was announced so far; empty if that cannot be told, or the read is spoiled. */
    Optional<ChannelLatest> joined(ChannelLatest latest) {
        Heard now = heard.get();
        if (now.isSpoiled) {
            return Optional.empty();
        }
        return now.run.isEmpty() ? Optional.of(latest) : latest.with(now.run.get());
    }
}
