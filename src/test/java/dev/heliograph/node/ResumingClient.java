package dev.heliograph.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.WsClient;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client that listens to one channel and, whatever happens to its connection, comes back with its cursor, each time to
 * the next node. It keeps what it was told, in order. One thread runs it; any may ask.
 */
final class ResumingClient implements Runnable, AutoCloseable {
    private static final int PAUSE_MILLIS = 300;

    private final String channel;
    private final List<Integer> ports;
    private final List<Told> told = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private int attempts;
    private volatile int resumes;
    private volatile WsClient connection;
    private volatile Position position;

    /** One push: an event, or a sync. */
    sealed interface Told {
        /** @param id of the event; of a raw message, which has none of its own, one made of its number */
        record Event(Position position, String id) implements Told {}

        /** The client starts here, or goes on here, and nothing is missing. */
        record Recovered(Position position) implements Told {}

        record Gap(Position from, Position to) implements Told {}
    }

    /** @param ports of the gateways, the first one to connect to first */
    ResumingClient(String channel, List<Integer> ports) {
        this.channel = channel;
        this.ports = List.copyOf(ports);
    }

    @Override
    public void run() {
        while (!isEnded()) {
            try (WsClient client =
                    WsClient.connect(ports.get(attempts++ % ports.size())).withoutLimit()) {
                connection = client;
                if (!isEnded()) {
                    listen(client);
                }
            } catch (IOException | WsClient.Closed gone) {
                pause();
            }
        }
    }

    /** Up to where it has been told everything; null before its first sync. */
    Position position() {
        return position;
    }

    String channel() {
        return channel;
    }

    int resumes() {
        return resumes;
    }

    List<Told> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    @Override
    public void close() {
        end.countDown();
        WsClient last = connection;
        if (last != null) {
            last.close();
        }
    }

    private void listen(WsClient client) throws IOException {
        Position from = position;
        JsonNode answer = from == null ? client.subscribe(channel) : client.subscribe(channel, from.cursor());
        if (!answer.has("subscribed")) {
            pause();
            return;
        }
        if (from != null) {
            resumes++;
        }
        while (true) {
            take(client.next());
        }
    }

    private void take(JsonNode frame) {
        if (frame.has("event")) {
            JsonNode event = frame.path("event");
            JsonNode raw = event.at("/data/raw");
            String id = raw.isMissingNode() ? event.path("id").textValue() : "raw-" + raw;
            keep(new Told.Event(cursor(event.path("cursor")), id));
        } else if (frame.has("sync")) {
            JsonNode sync = frame.path("sync");
            keep(
                    sync.has("gap")
                            ? new Told.Gap(cursor(sync.at("/gap/from")), cursor(sync.at("/gap/to")))
                            : new Told.Recovered(cursor(sync.path("cursor"))));
        }
    }

    private void keep(Told one) {
        synchronized (told) {
            told.add(one);
        }
        if (one instanceof Told.Event event) {
            position = event.position();
        } else if (one instanceof Told.Recovered recovered) {
            position = recovered.position();
        } else if (one instanceof Told.Gap gap) {
            position = gap.to();
        }
    }

    private static Position cursor(JsonNode text) {
        return Position.parse(text.textValue());
    }

    private boolean isEnded() {
        return end.getCount() == 0;
    }

    private void pause() {
        try {
            end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            end.countDown();
        }
    }
}
