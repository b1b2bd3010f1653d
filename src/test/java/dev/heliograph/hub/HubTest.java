package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HubTest {
    private static final int HISTORY = 5000;

    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final MemoryEventLog log = new MemoryEventLog(Events.catalogue(HISTORY), 1 << 28, Clock.systemUTC());
    private final List<TestClient> clients = new ArrayList<>();
    private final TestFormat format = new TestFormat();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private Hub hub;
    private TestClient.Server server;

    @BeforeEach
    void start() {
        hub = new Hub(
                Events.catalogue(HISTORY),
                log,
                log,
                Events.config(Duration.ofMillis(500), Duration.ofSeconds(1)),
                metrics);
        server = new TestClient.Server(loops);
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void anEventIsEncodedOnceWhateverTheNumberOfClients() throws Exception {
        for (int i = 0; i < 50; i++) {
            connect(format).read().subscribe(hub, Events.ORDER, Set.of(), null).get();
        }

        publish(Events.ORDER, 0, 20);

        await().untilAsserted(() -> assertThat(clients)
                .allSatisfy(client -> assertThat(client.positions()).hasSize(20)));
        assertThat(format.encoded).hasValue(20);
        assertThat(metrics.get("heliograph_hub_deliveries").functionCounter().count())
                .isEqualTo(50 * 20);
        assertThat(metrics.get("heliograph_hub_subscriptions").gauge().value()).isEqualTo(50);
    }

    @Test
    void aNewSubscriptionIsToldWhereItStartsAndGetsWhatFollows() throws Exception {
        publish(Events.ORDER, 0, 3);
        TestClient client = connect(format).read();

        Position start = client.subscribe(hub, Events.ORDER, Set.of(), null).get();
        publish(Events.ORDER, 3, 2);

        awaitOffsets(client, 4, 5);
        assertThat(start.offset()).isEqualTo(3);
        assertThat(client.lines.peek()).isEqualTo("sync " + start + " recovered");
    }

    @Test
    void aCursorGetsWhatWasMissedAndNothingTwice() throws Exception {
        publish(Events.ORDER, 0, 100);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(40)).get();
        publish(Events.ORDER, 100, 10);

        awaitOffsets(client, 41, 110);
        assertThat(client.syncs()).containsExactly("sync " + top.at(40) + " recovered");
    }

    @Test
    void whatWasTrimmedIsAGap() throws Exception {
        publish(Events.ORDER, 0, HISTORY + 10);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(3)).get();

        awaitOffsets(client, 11, HISTORY + 10);
        assertThat(client.syncs())
                .containsExactly("sync " + top.at(10) + " gap " + top.at(3) + " " + top.at(10) + " trimmed");
    }

    @Test
    void aCursorOfAnotherEpochIsAGapAndAllThatIsHeldFollows() throws Exception {
        publish(Events.ORDER, 0, 2);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), new Position("gone", 1)).get();

        awaitOffsets(client, 1, 2);
        assertThat(client.syncs()).containsExactly("sync " + top.at(0) + " gap gone-1 " + top.at(0) + " epoch-changed");
    }

    @Test
    void aCursorFromTheFutureIsAGap() throws Exception {
        publish(Events.ORDER, 0, 2);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(7)).get();
        publish(Events.ORDER, 2, 1);

        awaitOffsets(client, 3, 3);
        assertThat(client.syncs()).containsExactly("sync " + top + " gap " + top.at(7) + " " + top + " ahead");
    }

    @Test
    void aTypeFilterLeavesOutOtherTypes() throws Exception {
        TestClient some = connect(format).read();
        TestClient all = connect(format).read();
        some.subscribe(hub, Events.ORDER, Set.of("it.ended"), null).get();
        all.subscribe(hub, Events.ORDER, Set.of(), null).get();

        publish(Events.ORDER, 0, 3);
        log.append(Events.event(Events.ORDER, "it.ended", 9, "{}"), null)
                .await()
                .indefinitely();

        awaitOffsets(all, 1, 4);
        awaitOffsets(some, 4, 4);
    }

    @Test
    void theFirehoseHasItsOwnOffsets() throws Exception {
        TestClient client = connect(format).read();
        client.subscribe(hub, Events.ORDER.firehose(), Set.of(), null).get();

        publish(Events.ORDER, 0, 2);
        publish(new Channel("orders-2"), 0, 2);

        awaitOffsets(client, 1, 4);
    }

    @Test
    void aClientThatDoesNotReadCatchesUpFromTheLogWhenItDoes() throws Exception {
        var large = new TestFormat(4000);
        TestClient slow = connect(large);
        TestClient fast = connect(large).read();
        slow.subscribe(hub, Events.ORDER, Set.of(), null).get();
        fast.subscribe(hub, Events.ORDER, Set.of(), null).get();

        publish(Events.ORDER, 0, 4000);
        awaitOffsets(fast, 1, 4000);
        slow.read();
        publish(Events.ORDER, 4000, 10);

        awaitOffsets(slow, 1, 4010);
        assertThat(slow.syncs()).hasSize(1);
    }

    @Test
    void aClientThatWasTooSlowForTheLogIsTruthfullyToldOfTheGap() throws Exception {
        var large = new TestFormat(4000);
        TestClient slow = connect(large);
        TestClient fast = connect(large).read();
        slow.subscribe(hub, Events.ORDER, Set.of(), null).get();
        fast.subscribe(hub, Events.ORDER, Set.of(), null).get();

        publish(Events.ORDER, 0, 4 * HISTORY);
        await().untilAsserted(() -> assertThat(lastOffset(fast)).isEqualTo(4 * HISTORY));
        slow.read();

        await().untilAsserted(() -> assertThat(lastOffset(slow)).isEqualTo(4 * HISTORY));
        List<String[]> gaps =
                slow.syncs().stream().skip(1).map(line -> line.split(" ")).toList();
        assertThat(gaps).isNotEmpty().allSatisfy(gap -> assertThat(gap[5]).isEqualTo("trimmed"));
        long told = slow.syncs().size() + fast.syncs().size() - 2;
        assertThat(metrics.get("heliograph_hub_gaps")
                        .tag("reason", "trimmed")
                        .counter()
                        .count())
                .isEqualTo(told);
        assertThat(slow.positions().stream().map(Position::offset))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 4L * HISTORY)
                        .filter(offset -> gaps.stream().noneMatch(gap -> isWithin(gap, offset)))
                        .boxed()
                        .toList());
    }

    private static boolean isWithin(String[] gap, long offset) {
        return offset > Position.parse(gap[3]).offset()
                && offset <= Position.parse(gap[4]).offset();
    }

    @Test
    void conflationKeepsTheNewestOfEachKeyAndSaysSo() throws Exception {
        var large = new TestFormat(4000);
        TestClient slow = connect(large);
        TestClient fast = connect(large).read();
        slow.subscribe(hub, Events.DRIVER, Set.of(), null).get();
        fast.subscribe(hub, Events.DRIVER, Set.of(), null).get();

        publish(Events.DRIVER, 0, 4000);
        await().untilAsserted(() -> assertThat(lastOffset(fast)).isEqualTo(4000));
        slow.read();

        await().untilAsserted(() -> assertThat(lastOffset(slow)).isEqualTo(4000));
        List<Long> offsets = slow.positions().stream().map(Position::offset).toList();
        assertThat(slow.syncs()).anyMatch(line -> line.endsWith("conflated"));
        assertThat(offsets).isSorted().doesNotHaveDuplicates().hasSizeLessThan(3000);
        assertThat(offsets).endsWith(3998L, 3999L, 4000L);
    }

    @Test
    void theDisconnectPolicyClosesAClientThatStaysSlow() throws Exception {
        var large = new TestFormat(4000);
        TestClient slow = connect(large);
        slow.subscribe(hub, Events.JOB, Set.of(), null).get();

        publish(Events.JOB, 0, 4000);

        await().untilTrue(slow.wasTooSlow);
    }

    @Test
    void aChannelIsNoLongerFollowedOnceNobodyListensAndTheLingerIsOver() throws Exception {
        TestClient client = connect(format);
        Subscription subscription = hub.subscription(Events.ORDER, Set.of(), client);
        client.outlet()
                .loop()
                .submit(() -> subscription.start(null).subscribe().with(position -> {}))
                .get();
        await().until(() -> hub.followedChannels() == 1);

        client.outlet().loop().submit(subscription::end).get();

        await().until(() -> hub.followedChannels() == 0);
    }

    @Test
    void theTailIsKnownAsLongAsTheChannelIsFollowed() throws Exception {
        var lingering = new Hub(
                Events.catalogue(HISTORY),
                log,
                log,
                Events.config(Duration.ofMinutes(5), Duration.ofSeconds(1)),
                new SimpleMeterRegistry());
        TestClient client = connect(format);
        var loop = client.outlet().loop();
        Subscription left = listenAtTheTail(lingering, client);

        loop.submit(left::end).get();
        publish(Events.ORDER, 0, 3);

        await().until(
                        () -> loop.submit(() -> lingering.tail(Events.ORDER, loop))
                                .get(),
                        Optional.of(top(Events.ORDER))::equals);
    }

    @Test
    void theTailIsForgottenOnceTheLingerIsOver() throws Exception {
        TestClient client = connect(format);
        var loop = client.outlet().loop();
        Subscription left = listenAtTheTail(hub, client);

        loop.submit(left::end).get();

        await().until(() -> hub.followedChannels() == 0);
        assertThat(loop.submit(() -> hub.tail(Events.ORDER, loop)).get()).isEmpty();
    }

    private static Subscription listenAtTheTail(Hub hub, TestClient client) throws Exception {
        var loop = client.outlet().loop();
        Subscription subscription = hub.subscription(Events.ORDER, Set.of(), client);
        loop.submit(() -> subscription.start(null).subscribe().with(position -> {}))
                .get();
        await().until(() ->
                loop.submit(() -> hub.tail(Events.ORDER, loop)).get().isPresent());
        return subscription;
    }

    @Test
    void aClientThatFailsDoesNotHarmThoseThatReadTheSamePage() throws Exception {
        var broken = new TestFormat() {
            @Override
            public byte[] event(Entry entry) {
                throw new IllegalStateException("cannot show it");
            }
        };
        publish(Events.ORDER, 0, 3);
        Position start = top(Events.ORDER).at(0);
        TestClient first = connect(broken);
        TestClient second = connect(format);
        while (second.outlet().loop() != first.outlet().loop()) {
            second = connect(format);
        }
        TestClient sharer = second.read();

        first.outlet()
                .loop()
                .submit(() -> {
                    first.subscribe(hub, Events.ORDER, Set.of(), start);
                    sharer.subscribe(hub, Events.ORDER, Set.of(), start);
                })
                .get();

        awaitOffsets(sharer, 1, 3);
        await().untilAsserted(() -> assertThat(
                        metrics.get("heliograph_hub_subscriptions").gauge().value())
                .isEqualTo(1));
    }

    @Test
    void aChannelWhoseTailIsAskedForIsStillFollowed() throws Exception {
        var patient = new Hub(
                Events.catalogue(HISTORY),
                log,
                log,
                Events.config(Duration.ofSeconds(3), Duration.ofSeconds(1)),
                new SimpleMeterRegistry());
        TestClient client = connect(format);
        var loop = client.outlet().loop();
        Subscription subscription = patient.subscription(Events.ORDER, Set.of(), client);
        loop.submit(() -> subscription.start(null).subscribe().with(position -> {}))
                .get();
        loop.submit(subscription::end).get();

        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(60)).until(() -> {
            loop.submit(() -> patient.tail(Events.ORDER, loop)).get();
            return patient.followedChannels() == 1;
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> patient.followedChannels() == 0);
    }

    @Test
    void aFormatOfOneClientEncodesOnlyWhatIsWrittenToIt() throws Exception {
        var own = new TestFormat(4000) {
            final List<Long> offsets = new ArrayList<>();

            @Override
            public boolean isShared() {
                return false;
            }

            @Override
            public byte[] event(Entry entry) {
                offsets.add(entry.offset());
                return super.event(entry);
            }
        };
        TestClient slow = connect(own);
        slow.subscribe(hub, Events.ORDER, Set.of(), null).get();

        publish(Events.ORDER, 0, 4000);
        slow.read();

        awaitOffsets(slow, 1, 4000);
        assertThat(own.offsets)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 4000).boxed().toList());
    }

    private TestClient connect(WireFormat wireFormat) throws Exception {
        TestClient client = server.connect(wireFormat);
        clients.add(client);
        return client;
    }

    private void publish(Channel channel, int first, int count) {
        for (int i = first; i < first + count; i++) {
            log.append(Events.event(channel, i), null).await().indefinitely();
        }
    }

    private Position top(Channel channel) {
        return log.since(channel, null, 1).await().indefinitely().top();
    }

    private static void awaitOffsets(TestClient client, long from, long to) {
        await().untilAsserted(() -> assertThat(client.positions().stream().map(Position::offset))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(from, to).boxed().toList()));
    }

    private static long lastOffset(TestClient client) {
        List<Position> positions = client.positions();
        return positions.isEmpty() ? 0 : positions.get(positions.size() - 1).offset();
    }
}
