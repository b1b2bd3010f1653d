package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Hub.Subscriber;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The join of history and live, and healing, under every order of events that chance finds: appends, announcements that
 * come late, twice or (with even seeds) never, reads of the log that are slow, subscriptions that come and go, some on one
 * event loop and some on another. Virtual time, one thread.
 */
class JoinPropertyTest {
    private static final int TRIES = 200;
    private static final int STEPS = 300;
    private static final int HISTORY = 10_000;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, TRIES), new Random().longs(TRIES));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyClientGetsEveryEntryOnceAndInOrder(long seed) {
        var script = new Script(seed);

        script.play();
        script.settle();

        Position top = script.top();
        for (Client client : script.clients) {
            assertThat(client.gaps).as("gaps, seed %d", seed).isEmpty();
            assertThat(client.offsets)
                    .as("offsets of a client that started after %s, seed %d", client.start, seed)
                    .isEqualTo(offsets(client.start.offset() + 1, top.offset()));
        }
    }

    private static List<Long> offsets(long from, long to) {
        var all = new ArrayList<Long>();
        for (long offset = from; offset <= to; offset++) {
            all.add(offset);
        }
        return all;
    }

    private static final class Script {
        private final Random random;
        private final MemoryEventLog memory =
                new MemoryEventLog(Events.catalogue(HISTORY), 100_000_000, Clock.systemUTC());
        private final ScriptedLog log;
        private final Hub hub;
        /** For their event loops; what clients are sent does not pass them. */
        private final List<EmbeddedChannel> loops = List.of(new EmbeddedChannel(), new EmbeddedChannel());

        private final List<Client> clients = new ArrayList<>();
        private int appended;

        Script(long seed) {
            random = new Random(seed);
            log = new ScriptedLog(memory, random, seed % 2 == 0);
            hub = new Hub(
                    Events.catalogue(HISTORY),
                    log,
                    log,
                    Events.config(Duration.ZERO, Duration.ofSeconds(5)),
                    new SimpleMeterRegistry());
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 ->
                        log.append(Events.event(Events.ORDER, appended++), null)
                                .await()
                                .indefinitely();
                    case 3, 4, 5 -> log.step();
                    case 6 -> {
                        if (clients.size() < 6) {
                            EmbeddedChannel loop = loops.get(random.nextInt(loops.size()));
                            clients.add(new Client(hub, loop, random.nextBoolean() ? null : someCursor()));
                        }
                    }
                    default -> {
                        if (!clients.isEmpty()) {
                            Client client = clients.get(random.nextInt(clients.size()));
                            if (random.nextInt(10) == 0) {
                                client.end();
                                clients.remove(client);
                            } else {
                                client.run();
                            }
                        }
                    }
                }
            }
        }

        /** Lets everything under way finish, and has the feed say that it lost something if it did. */
        void settle() {
            drain();
            if (log.isLossy()) {
                hub.onDoubt();
                drain();
            }
        }

        private void drain() {
            boolean isBusy = true;
            while (isBusy) {
                isBusy = log.step();
                for (Client client : clients) {
                    isBusy |= client.hasWork();
                    client.run();
                    // A turn that finds its lane at rest waits for the end of the rest.
                    isBusy |= client.hasWork();
                }
                isBusy |= log.hasWork();
            }
        }

        Position top() {
            return memory.since(Events.ORDER, null, 1).await().indefinitely().top();
        }

        private Position someCursor() {
            Position top = top();
            return top.at(random.nextInt((int) top.offset() + 1));
        }
    }

    private static final class Client implements Subscriber {
        private final EmbeddedChannel loop;
        private final List<String> sent = new ArrayList<>();
        private final Outlet outlet = new FrameOutlet(new TestFormat()) {
            @Override
            public EventLoop loop() {
                return loop.eventLoop();
            }

            @Override
            protected boolean isWritable() {
                return true;
            }

            @Override
            protected boolean write(ByteBuf frames) {
                frames.toString(UTF_8).lines().forEach(sent::add);
                frames.release();
                return false;
            }

            @Override
            protected void flush() {}

            @Override
            protected ByteBufAllocator memory() {
                return UnpooledByteBufAllocator.DEFAULT;
            }
        };
        private final Subscription subscription;
        private final List<Long> offsets = new ArrayList<>();
        private final List<String> gaps = new ArrayList<>();
        private Position start;

        Client(Hub hub, EmbeddedChannel loop, Position after) {
            this.loop = loop;
            subscription = hub.subscription(Events.ORDER, new Filter(Set.of(), Set.of(Kind.EVENTS)), this);
            subscription.start(after).subscribe().with(position -> start = position, endedBefore -> {});
        }

        void run() {
            loop.advanceTimeBy(20, TimeUnit.MILLISECONDS);
            loop.runPendingTasks();
            sent.forEach(this::take);
            sent.clear();
        }

        /** Also while a lane rests: it rests in real time. */
        boolean hasWork() {
            return loop.runScheduledPendingTasks() >= 0;
        }

        private void take(String line) {
            String[] words = line.split(" ");
            if (words[0].equals("event")) {
                offsets.add(Position.parse(words[1]).offset());
            } else if (words[2].equals("gap")) {
                gaps.add(line);
            }
        }

        void end() {
            subscription.end();
        }

        @Override
        public Outlet outlet() {
            return outlet;
        }

        @Override
        public void onFailed(Channel channel) {
            throw new AssertionError("every entry can be shown here");
        }

        @Override
        public void onTooSlow(Channel channel) {
            throw new AssertionError("no socket is slow here");
        }
    }
}
