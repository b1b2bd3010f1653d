package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryTicketsTest extends TicketsContract {
    private final AtomicLong nanos = new AtomicLong();
    private final TicketStore store = new MemoryTicketStore(nanos::get);

    @Override
    protected TicketStore store() {
        return store;
    }

    @Test
    void forgetsValueWhenItsTimeIsOver() {
        now(store.put("a", "1", Duration.ofSeconds(30)));
        now(store.put("b", "2", Duration.ofSeconds(30)));

        nanos.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
        assertThat(now(store.take("a"))).contains("1");
        nanos.incrementAndGet();

        assertThat(now(store.take("b"))).isEmpty();
    }

    @Test
    void keepsNoMoreThanItsBound() {
        String large = "x".repeat(MemoryTicketStore.MAX_CHARS / 10);
        for (int i = 0; i < 100; i++) {
            now(store.put("n" + i, large, Duration.ofSeconds(30)));
        }

        long kept = IntStream.range(0, 100)
                .filter(i -> now(store.take("n" + i)).isPresent())
                .count();

        assertThat(kept).isBetween(1L, 10L);
    }
}
