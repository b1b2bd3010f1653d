package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;

/** A hub on a log in memory, clients that are connected to it, and words for both. */
abstract class RunningHub extends ConnectedClients {
    static final int HISTORY = 5000;

    final MemoryEventLog log = new MemoryEventLog(Events.catalogue(HISTORY), 1 << 28, Clock.systemUTC());
    final MeterRegistry metrics = new SimpleMeterRegistry();
    Hub hub;

    RunningHub() {
        super(2);
    }

    @BeforeEach
    void start() {
        hub = lingering(Duration.ofMillis(500));
    }

    /** A hub on the log that goes on following channels which nobody listens to any more. */
    Hub lingering(Duration time) {
        return new Hub(Events.catalogue(HISTORY), log, log, Events.config(time, Duration.ofSeconds(1)), metrics);
    }

    void publish(Channel channel, int first, int count) {
        for (int i = first; i < first + count; i++) {
            log.append(Events.event(channel, i), null).await().indefinitely();
        }
    }

    Position top(Channel channel) {
        return log.since(channel, null, 1).await().indefinitely().top();
    }

    static void awaitOffsets(TestClient client, long from, long to) {
        await().untilAsserted(() -> assertThat(client.positions().stream().map(Position::offset))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(from, to).boxed().toList()));
    }

    static long lastOffset(TestClient client) {
        List<Position> positions = client.positions();
        return positions.isEmpty() ? 0 : positions.get(positions.size() - 1).offset();
    }
}
