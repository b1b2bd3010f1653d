package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Uses a log at random and compares each answer with what a plain list would have said. */
final class LogModel {
    private static final int FIREHOSE_OR_MORE = EventLogContract.FIREHOSE_SIZE + 3;

    private final EventLog log;
    private final long seed;
    private final Random random;
    private final Map<Channel, Life> lives = new HashMap<>();
    private final Map<String, Accepted> firstByKey = new HashMap<>();

    /** Everything that one channel was ever told, and its epoch once it is known. */
    private static final class Life {
        private final List<String> payloads = new ArrayList<>();
        private String epoch;
    }

    LogModel(EventLog log, long seed) {
        this.log = log;
        this.seed = seed;
        this.random = new Random(seed);
    }

    void run(int steps) {
        System.out.println("LogModel seed " + seed);
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(3) == 0) {
                append(step);
            } else if (random.nextInt(4) == 0) {
                readLatest(step);
            } else {
                read(step);
            }
        }
    }

    private void append(int step) {
        Channel channel = channel();
        String type = random.nextInt(4) == 0 ? EventLogContract.OTHER_TYPE : EventLogContract.TYPE;
        Event event = EventLogContract.event(channel, type, ("{\"step\":" + step + "}").getBytes(UTF_8));
        String key = random.nextInt(4) == 0 ? "key" + random.nextInt(10) : null;

        Accepted accepted = EventLogContract.now(log.append(event, key));

        Accepted first = key == null ? null : firstByKey.putIfAbsent(channel + "/" + key, accepted);
        if (first != null) {
            assertThat(accepted).as(name(step)).isEqualTo(new Accepted(first.id(), first.position(), true));
            return;
        }
        String payload = new String(event.payload(), UTF_8);
        assertThat(accepted.id()).as(name(step)).isEqualTo(event.id());
        assertThat(accepted.position()).as(name(step)).isEqualTo(push(channel, payload, accepted.position()));
        if (!channel.isFirehose()) {
            life(channel.firehose()).payloads.add(payload);
        }
    }

    private Position push(Channel channel, String payload, Position said) {
        Life life = life(channel);
        life.epoch = life.epoch == null ? said.epoch() : life.epoch;
        life.payloads.add(payload);
        return new Position(life.epoch, life.payloads.size());
    }

    private void read(int step) {
        Channel channel = channel();
        Life life = life(channel);
        int top = life.payloads.size();
        Position after = random.nextInt(8) == 0 || life.epoch == null
                ? null
                : new Position(random.nextInt(10) == 0 ? "another" : life.epoch, random.nextInt(top + 3));
        int limit = 1 + random.nextInt(FIREHOSE_OR_MORE);

        History read = EventLogContract.now(log.since(channel, after, limit));

        life.epoch = life.epoch == null ? read.top().epoch() : life.epoch;
        assertThat(read).as(name(step)).usingRecursiveComparison().isEqualTo(expected(channel, life, after, limit));
    }

    private void readLatest(int step) {
        Channel channel = channel();
        List<String> payloads = life(channel).payloads;
        var newest = new LinkedHashMap<String, String>();
        for (String payload : payloads) {
            String type = payload.substring(0, payload.indexOf(','));
            newest.remove(type);
            newest.put(type, payload);
        }

        List<Entry> read = EventLogContract.now(log.latest(channel));

        assertThat(read)
                .as(name(step))
                .extracting(entry -> new String(entry.payload(), UTF_8))
                .containsExactlyElementsOf(newest.values());
        assertThat(read).as(name(step)).allSatisfy(entry -> assertThat(payloads.get((int) entry.offset() - 1))
                .isEqualTo(new String(entry.payload(), UTF_8)));
    }

    private static History expected(Channel channel, Life life, Position after, int limit) {
        Position top = new Position(life.epoch, life.payloads.size());
        int held = Math.min(
                life.payloads.size(),
                channel.isFirehose() ? EventLogContract.FIREHOSE_SIZE : EventLogContract.HISTORY_SIZE);
        long first = top.offset() - held + 1;
        long start = History.startOf(after, top, first).offset();
        List<Entry> entries = new ArrayList<>();
        for (long offset = start + 1; offset <= top.offset() && entries.size() < limit; offset++) {
            byte[] payload = life.payloads.get((int) offset - 1).getBytes(UTF_8);
            entries.add(new Entry(channel, top.at(offset), payload));
        }
        return History.of(after, top, first, entries);
    }

    private Channel channel() {
        return switch (random.nextInt(5)) {
            case 0 -> EventLogContract.FIREHOSE;
            case 1, 2 -> EventLogContract.OTHER;
            default -> EventLogContract.CHANNEL;
        };
    }

    private Life life(Channel channel) {
        return lives.computeIfAbsent(channel, unused -> new Life());
    }

    private String name(int step) {
        return "seed " + seed + ", step " + step;
    }
}
