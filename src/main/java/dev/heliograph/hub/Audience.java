package dev.heliograph.hub;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * Which lanes listen to a channel, and in which formats. An immutable value; the hub swaps it.
 *
 * @param followed completes once the feed announces the channel's entries
 * @param formats in no order; a format stays until the audience is gone
 */
record Audience(Uni<Void> followed, List<Lane> lanes, List<WireFormat> formats) {
    Audience {
        lanes = List.copyOf(lanes);
        formats = List.copyOf(formats);
    }

    Audience with(Lane lane, WireFormat format) {
        return new Audience(followed, including(lanes, lane), including(formats, format));
    }

    Audience without(Lane lane) {
        return new Audience(
                followed, lanes.stream().filter(other -> other != lane).toList(), formats);
    }

    private static <T> List<T> including(List<T> all, T one) {
        if (all.contains(one)) {
            return all;
        }
        var more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
