package dev.heliograph.access.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.access.Connections;
import dev.heliograph.access.Tally;
import dev.heliograph.log.Feed;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
    private static final String ADDRESSES = "addresses";
    private static final String SUBJECTS = "subjects";
    /** {@code <kind> <node> <tally>} */
    private static final int WORDS = 3;

    private static final Tally NOBODY = new Tally(Map.of(), Map.of());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connections connections;
    private final Feed feed;
    private final Vertx vertx;
    private final String node = UUID.randomUUID().toString();
    private long timer = -1;
    private volatile boolean hasLeft;

    public SharedTallies(Connections connections, Feed feed, Vertx vertx) {
        this.connections = connections;
        this.feed = feed;
        this.vertx = vertx;
    }

    /** Tells and hears until {@link #leave}. */
    public void start() {
        feed.listen(this);
        timer = vertx.setPeriodic(INTERVAL.toMillis(), unused -> tellNow());
    }

    /** Tells that this node has nobody: its clients go to the others, where they must not count twice. */
    public void leave() {
        hasLeft = true;
        vertx.cancelTimer(timer);
        tell(NOBODY);
    }

    /** Soon, on another thread. */
    void tellNow() {
        connections.elsewhere().forget(SILENCE, System.nanoTime());
        // Not on the event loop: there may be very many clients.
        vertx.executeBlocking(() -> {
            Tally tally = connections.tally();
            if (!hasLeft) {
                tell(tally);
            }
            return null;
        });
    }

    private void tell(Tally tally) {
        feed.broadcast(String.join(" ", CONNECTIONS, node, written(tally)))
                .subscribe()
                .with(
                        told -> {},
                        failure -> Log.debugf(failure, "Cannot tell the other nodes of the connections here"));
    }

    private static String written(Tally tally) {
        ObjectNode json = JSON.createObjectNode();
        tally.addresses().forEach(json.putObject(ADDRESSES)::put);
        tally.subjects().forEach(json.putObject(SUBJECTS)::put);
        return json.toString();
    }

    private static Tally read(String text) throws JsonProcessingException {
        JsonNode json = JSON.readTree(text);
        return new Tally(counts(json.path(ADDRESSES)), counts(json.path(SUBJECTS)));
    }

    private static Map<String, Integer> counts(JsonNode json) {
        var counts = new HashMap<String, Integer>();
        json.fields()
                .forEachRemaining(
                        count -> counts.put(count.getKey(), count.getValue().intValue()));
        return counts;
    }

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
            connections.elsewhere().hear(words[1], read(words[2]), System.nanoTime());
        } catch (JsonProcessingException illegible) {
            Log.debugf(illegible, "What another node told of its connections cannot be read");
        }
    }
}
