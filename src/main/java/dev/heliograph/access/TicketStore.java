package dev.heliograph.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/** The open tickets of all nodes, by a name that tells nothing of the ticket. Any thread may call; nothing blocks. */
public interface TicketStore {
    /** The tickets of this process. */
    static TicketStore inMemory() {
        return new MemoryTicketStore(Ticker.systemTicker());
    }

    /**
     * Keeps a value for a while. A second call with the same arguments changes nothing.
     *
     * @return completes when any node can take it
     */
    Uni<Void> put(String name, String value, Duration validity);

    /** Gives a value and forgets it. Of several callers one gets it; empty for the others, and once its time is over. */
    Uni<Optional<String>> take(String name);
}
