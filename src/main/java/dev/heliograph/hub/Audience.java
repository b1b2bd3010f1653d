package dev.heliograph.hub;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * Which lanes listen to a channel. An immutable value; the hub swaps it.
 *
 * @param followed completes once the feed announces the channel's entries
 */
record Audience(Uni<Void> followed, List<Lane> lanes) {
    Audience {
        lanes = List.copyOf(lanes);
    }

    Audience with(Lane lane) {
        if (lanes.contains(lane)) {
            return this;
        }
        var more = new ArrayList<>(lanes);
        more.add(lane);
        return new Audience(followed, more);
    }

    Audience without(Lane lane) {
        return new Audience(
                followed, lanes.stream().filter(other -> other != lane).toList());
    }
}
