package dev.heliograph.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/** Tickets in memory. If there are too many, some are forgotten before their time. */
final class MemoryTicketStore implements TicketStore {
    static final int MAX_CHARS = 16 * 1024 * 1024;

    private final Cache<String, Kept> open;

    private record Kept(String value, Duration validity) {}

    MemoryTicketStore(Ticker time) {
        open = Caffeine.newBuilder()
                .ticker(time)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Kept>writing((name, kept) -> kept.validity))
                .maximumWeight(MAX_CHARS)
                .<String, Kept>weigher((name, kept) -> name.length() + kept.value.length())
                .build();
    }

    @Override
    public Uni<Void> put(String name, String value, Duration validity) {
        return Uni.createFrom().item(() -> {
            open.put(name, new Kept(value, validity));
            return null;
        });
    }

    @Override
    public Uni<Optional<String>> take(String name) {
        return Uni.createFrom()
                .item(() -> Optional.ofNullable(open.asMap().remove(name)).map(Kept::value));
    }
}
