package dev.heliograph.access.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.access.Connections;
import dev.heliograph.access.Tally;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;

/**
 * Tells all nodes every few seconds, by a notice over the feed, how many connections this one has of its largest clients, and
 * hears the same of the others. Any thread may call.
 */
public final class SharedTallies implements Feed.Listener {
    // docs/decisions.md: Connections over all nodes are told, not stored
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration SILENCE = INTERVAL.multipliedBy(3);
    private static final String CONNECTIONS = "connections";
    /** {@code <kind> <node> <tally>} */
    private static final int WORDS = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connections connections;
    private final Vertx vertx;
    private final String node = UUID.randomUUID().toString();
    private long timer = -1;

    public SharedTallies(Connections connections, Vertx vertx) {
        this.connections = connections;
        this.vertx = vertx;
    }

    /** Tells and hears until {@link #close}. */
    public void start(Feed feed) {
        feed.listen(this);
        timer = vertx.setPeriodic(INTERVAL.toMillis(), unused -> tell(feed));
    }

    public void close() {
        vertx.cancelTimer(timer);
    }

    private void tell(Feed feed) {
        connections.elsewhere().forget(SILENCE, System.nanoTime());
        feed.broadcast(String.join(" ", CONNECTIONS, node, written(connections.tally())))
                .subscribe()
                .with(
                        told -> {},
                        failure -> Log.debugf(failure, "Cannot tell the other nodes of the connections here"));
    }

    private static String written(Tally tally) {
        try {
            return JSON.writeValueAsString(tally);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void onEntry(Entry entry) {}

    /** What was said last holds for some seconds. */
    @Override
    public void onDoubt() {}

    @Override
    public void onNotice(String notice) {
        String[] words = notice.split(" ", WORDS);
        if (words.length < WORDS || !words[0].equals(CONNECTIONS) || words[1].equals(node)) {
            return;
        }
        try {
            connections.elsewhere().hear(words[1], JSON.readValue(words[2], Tally.class), System.nanoTime());
        } catch (JsonProcessingException illegible) {
            Log.debugf(illegible, "What another node told of its connections cannot be read");
        }
    }
}
