package dev.heliograph.hub;

import static dev.heliograph.wire.WireNames.DATA;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Keeps only the newest of several entries with the same key. The changes of a channel's document have one key, whatever
 * their types, because each carries the whole document. Events are parsed only for slow clients of a namespace that
 * has a key member.
 */
final class Conflation {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Conflation() {}

    /**
     * @param keyMember member of {@code data} that belongs to the key beside channel and type, if the entry is no change of
     *     a document
     * @return in their order, at the place of the newest
     */
    static List<Entry> newestOfEachKey(List<Entry> entries, Optional<String> keyMember) {
        var seen = new HashSet<String>();
        var newest = new ArrayList<Entry>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (seen.add(key(entries.get(i), keyMember))) {
                newest.add(entries.get(i));
            }
        }
        Collections.reverse(newest);
        return newest;
    }

    private static String key(Entry entry, Optional<String> keyMember) {
        if (DocumentChange.isToldBy(entry)) {
            return entry.ownChannel();
        }
        String key = entry.ownChannel() + '\n' + entry.type();
        return keyMember.map(member -> key + '\n' + valueOf(member, entry)).orElse(key);
    }

    private static JsonNode valueOf(String member, Entry entry) {
        try {
            return JSON.readTree(entry.payload()).path(DATA).path(member);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
