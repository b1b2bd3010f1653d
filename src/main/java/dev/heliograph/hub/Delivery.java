package dev.heliograph.hub;

import dev.heliograph.log.Entry;
import java.util.List;

/**
 * An entry with its finished frames. Made once, then shared by all lanes; immutable.
 */
final class Delivery {
    private final Entry entry;
    private final List<WireFormat> formats;
    private final byte[][] frames;

    /** @param formats those in which listeners want it */
    Delivery(Entry entry, List<WireFormat> formats) {
        this.entry = entry;
        this.formats = formats;
        this.frames = new byte[formats.size()][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = formats.get(i).event(entry);
        }
    }

    Entry entry() {
        return entry;
    }

    byte[] frame(WireFormat format) {
        int index = formats.indexOf(format);
        // The first listener with a new format may have come after this entry was encoded.
        return index >= 0 ? frames[index] : format.event(entry);
    }
}
