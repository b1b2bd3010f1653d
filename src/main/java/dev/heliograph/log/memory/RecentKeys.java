package dev.heliograph.log.memory;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import java.time.Clock;
import java.util.LinkedHashMap;

/**
 * The idempotency keys of {@link EventLog#REPEAT_WINDOW} and what was answered to them, within a bound in bytes: beyond
 * it the oldest are forgotten early. All keys live equally long, so the order of insertion is the order of expiry; a cache
 * that keeps what is used often would turn away the newest keys instead. Guarded by the lock of {@link MemoryEventLog}.
 */
final class RecentKeys {
    /** What a key costs beside its characters: the answer, the event's id, and its place in the map; rounded up. */
    static final int OVERHEAD_BYTES = 256;

    // docs/decisions.md: Idempotency keys in memory are a map in insertion order, not Caffeine
    private final LinkedHashMap<Key, Answer> answers = new LinkedHashMap<>();
    private final long maxBytes;
    private final Clock clock;
    private long bytes;

    RecentKeys(long maxBytes, Clock clock) {
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** What was answered to the key; null if it is new. */
    Accepted find(Channel channel, String idempotencyKey) {
        forgetExpired();
        Answer answer = answers.get(new Key(channel, idempotencyKey));
        return answer == null ? null : answer.accepted;
    }

    void remember(Channel channel, String idempotencyKey, Accepted accepted) {
        var key = new Key(channel, idempotencyKey);
        answers.put(key, new Answer(accepted, clock.millis() + EventLog.REPEAT_WINDOW.toMillis()));
        bytes += key.bytes();
        while (bytes > maxBytes) {
            forgetOldest();
        }
    }

    int size() {
        return answers.size();
    }

    private void forgetExpired() {
        long now = clock.millis();
        while (!answers.isEmpty() && answers.values().iterator().next().expiryMillis <= now) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        var oldest = answers.keySet().iterator();
        bytes -= oldest.next().bytes();
        oldest.remove();
    }

    private record Key(Channel channel, String text) {
        int bytes() {
            return text.length() + OVERHEAD_BYTES;
        }
    }

    private record Answer(Accepted accepted, long expiryMillis) {}
}
