package dev.heliograph.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.Told;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Redis holds of a channel, read past the gateway, so that a mistake of its own reading cannot hide one of its pushing.
 *
 * @param epoch the present one
 * @param ends offsets at which former epochs of the same life ended
 * @param entries under their positions in the present epoch
 */
record RedisChannel(String epoch, Map<String, Long> ends, List<Told.Event> entries) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static RedisChannel read(RedisServer redis, String channel) throws IOException {
        try (var backend = new RedisBackend(redis)) {
            var top = (List<?>) backend.send("HMGET", "heliograph:{orders}:top:" + channel, "e", "p");
            String epoch = top.get(0).toString();
            var ends = new HashMap<String, Long>();
            if (top.get(1) != null) {
                for (String former : top.get(1).toString().split(" ")) {
                    String[] epochAndEnd = former.split(":");
                    ends.put(epochAndEnd[0], Long.valueOf(epochAndEnd[1]));
                }
            }
            var events = new ArrayList<Told.Event>();
            for (Object entry : (List<?>) backend.send("XRANGE", "heliograph:{orders}:log:" + channel, "-", "+")) {
                events.add(event(epoch, (List<?>) entry));
            }
            return new RedisChannel(epoch, ends, events);
        }
    }

    Position top() {
        return entries.get(entries.size() - 1).position();
    }

    /** A position in the present epoch, if it is one of this life that was not lost. */
    Position present(Position told) {
        boolean isKept = told != null && ends.getOrDefault(told.epoch(), -1L) >= told.offset();
        return isKept ? new Position(epoch, told.offset()) : told;
    }

    private static Told.Event event(String epoch, List<?> idAndFields) throws IOException {
        String offset = idAndFields.get(0).toString().split("-", 2)[0];
        JsonNode event = JSON.readTree(((List<?>) idAndFields.get(1)).get(1).toString());
        return Told.event(event, new Position(epoch, Long.parseLong(offset)));
    }
}
