package dev.heliograph.hub;

import dev.heliograph.log.Entry;
import java.util.ArrayList;
import java.util.List;

/** An entry with its finished frames, shared by all lanes: the first lane that needs a frame encodes it for the others. */
final class Delivery {
    private final Entry entry;
    private final String type;
    private final long heardNanos = System.nanoTime();
    /** Guarded by this. */
    private final List<Encoded> encoded = new ArrayList<>(1);

    private record Encoded(WireFormat format, byte[] frame) {}

    Delivery(Entry entry) {
        this.entry = entry;
        this.type = entry.type();
    }

    Entry entry() {
        return entry;
    }

    /** When this node got it, as {@link System#nanoTime}. */
    long heardNanos() {
        return heardNanos;
    }

    /** {@link Entry#type}, read once. */
    String type() {
        return type;
    }

    byte[] frame(WireFormat format) {
        if (!format.isShared()) {
            return format.event(entry);
        }
        // docs/decisions.md: An entry is encoded by the first lane that needs it
        synchronized (this) {
            for (Encoded done : encoded) {
                if (done.format == format) {
                    return done.frame;
                }
            }
            byte[] frame = format.event(entry);
            encoded.add(new Encoded(format, frame));
            return frame;
        }
    }
}
