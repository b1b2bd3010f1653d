package dev.heliograph.cache;

import dev.heliograph.log.Entry;
import java.util.function.Function;

/**
 * What was announced while a channel was read: the read may have come before or after each entry. Immutable.
 *
 * @param announced null: nothing
 * @param isClosed whether it takes no more: the read has ended, or others must not share it because it may be too old
 */
record Heard(Announced announced, boolean isClosed) {
    static final Heard NOTHING = new Heard(null, false);

    Heard and(Entry entry, Function<Entry, ?> kind) {
        if (isClosed) {
            return this;
        }
        return new Heard(announced == null ? Announced.of(entry, kind) : announced.and(entry, kind), false);
    }

    Heard closed() {
        return new Heard(announced, true);
    }
}
