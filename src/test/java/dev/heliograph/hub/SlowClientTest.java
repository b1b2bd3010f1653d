package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What becomes of a client that reads more slowly than events come. */
class SlowClientTest extends RunningHub {
    private final TestFormat large = new TestFormat(4000);

    @Test
    void slowClientCatchesUpFromLog() throws Exception {
        TestClient slow = listen(Events.ORDER);
        TestClient fast = listen(Events.ORDER).read();

        publish(Events.ORDER, 0, 4000);
        awaitOffsets(fast, 1, 4000);
        slow.read();
        publish(Events.ORDER, 4000, 10);

        awaitOffsets(slow, 1, 4010);
        assertThat(slow.syncs()).hasSize(1);
    }

    @Test
    void slowClientGetsGapOfTrimmedEntries() throws Exception {
        TestClient slow = listen(Events.ORDER);
        TestClient fast = listen(Events.ORDER).read();

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
        TestClient slow = listen(Events.DRIVER);
        TestClient fast = listen(Events.DRIVER).read();

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
    void conflationDropsNoEventForUnwantedOne() throws Exception {
        TestClient slow = connect(large);
        TestClient fast = connect(large).read();
        slow.subscribe(hub, Events.DRIVER, Set.of("it.happened"), null).get();
        fast.subscribe(hub, Events.DRIVER, Set.of("it.happened"), null).get();

        publish(Events.DRIVER, 0, 3000);
        changeDocument("it.happened");
        changeDocument("it.ended");
        publish(Events.DRIVER, 3000, 100);
        await().untilAsserted(() -> assertThat(lastOffset(fast)).isEqualTo(3102));
        slow.read();

        await().untilAsserted(() -> assertThat(lastOffset(slow)).isEqualTo(3102));
        assertThat(slow.syncs()).anyMatch(line -> line.endsWith("conflated"));
        assertThat(slow.positions()).extracting(Position::offset).contains(3001L);
    }

    @Test
    void theDisconnectPolicyClosesAClientThatStaysSlow() throws Exception {
        TestClient slow = listen(Events.JOB);

        publish(Events.JOB, 0, 4000);

        await().untilTrue(slow.wasTooSlow);
    }

    @Test
    void formatOfOneClientEncodesOnlyWrittenEntries() throws Exception {
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

    private void changeDocument(String type) {
        var change = new DocumentChange(Event.newId(), Events.DRIVER, type, Instant.EPOCH, "{}".getBytes(UTF_8));
        Expected present = log.snapshot(Events.DRIVER)
                .await()
                .indefinitely()
                .document()
                .map(it -> Expected.version(it.version()))
                .orElse(Expected.NOTHING);
        assertThat(log.change(change, present, null).await().indefinitely()).isPresent();
    }

    /** A client of large events, which reads nothing yet. */
    private TestClient listen(Channel channel) throws Exception {
        TestClient client = connect(large);
        client.subscribe(hub, channel, Set.of(), null).get();
        return client;
    }
}
