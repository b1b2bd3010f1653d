package dev.heliograph.log.memory;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import java.time.Clock;
import java.util.LinkedHashMap;

/**
 * The idempotency keys of {@link EventLog#REPEAT_WINDOW} and their answers, within a bound in bytes. Beyond the bound the
 * oldest keys are forgotten early. All keys live equally long, so the order of insertion is the order of expiry. A cache
 * that prefers frequent keys would turn away the newest keys instead. Guarded by the lock of {@link MemoryEventLog}.
 */
final class RecentKeys {
    /** The memory of a key beside its characters: the answer, the event's id, and its place in the map; rounded up. */
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

    /** The answer to the key; null if the key is new. */
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
