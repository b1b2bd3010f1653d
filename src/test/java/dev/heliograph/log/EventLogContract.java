package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Event;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every engine promises. A subclass opens its engine, empty, before each test, and closes it after. */
public abstract class EventLogContract extends FeedContract {
    @Test
    void offsetsCountFromOneInOneEpoch() {
        Accepted first = append(CHANNEL, "1");
        Accepted second = append(CHANNEL, "2");

        assertThat(first.position().offset()).isEqualTo(1);
        assertThat(second.position()).isEqualTo(first.position().at(2));
        assertThat(second.repeated()).isFalse();
    }

    @Test
    void appendAnswersTheEventsId() {
        Event event = event(CHANNEL, "1");

        assertThat(now(log.append(event, null)).id()).isEqualTo(event.id());
    }

    @Test
    void channelsHaveSeparateOffsets() {
        append(CHANNEL, "1");
        append(CHANNEL, "2");

        assertThat(append(OTHER, "1").position().offset()).isEqualTo(1);
    }

    @Test
    void nothingHappensBeforeSubscription() {
        log.append(event(CHANNEL, "1"), null);

        assertThat(append(CHANNEL, "2").position().offset()).isEqualTo(1);
    }

    @Test
    void entriesCarryThePayloadByteForByte() {
        Event event = event(CHANNEL, "{\"naïve\":\"ü\\u0000 \\\" ☃\"}".getBytes(UTF_8));
        Position before = top(CHANNEL);

        now(log.append(event, null));

        Entry read = since(CHANNEL, before).entries().get(0);
        assertThat(read.payload()).isEqualTo(event.payload());
        assertThat(read.channel()).isEqualTo(CHANNEL);
        assertThat(read.type()).isEqualTo(TYPE);
    }

    @Test
    void readingStartsAtTheEndWithoutAPosition() {
        append(CHANNEL, "1");
        Position last = append(CHANNEL, "2").position();

        History history = since(CHANNEL, null);

        assertThat(history.start()).isEqualTo(last);
        assertThat(history.top()).isEqualTo(last);
        assertThat(history.entries()).isEmpty();
        assertThat(history.gap()).isEmpty();
    }

    @Test
    void readingGoesOnAfterThePosition() {
        List<Position> positions = appendMany(CHANNEL, 4);

        History history = since(CHANNEL, positions.get(1));

        assertThat(offsets(history)).containsExactly(3L, 4L);
        assertThat(history.gap()).isEmpty();
        assertThat(history.top()).isEqualTo(positions.get(3));
        assertThat(history.reachesTop()).isTrue();
    }

    @Test
    void aPageIsNoLongerThanItsLimit() {
        List<Position> positions = appendMany(CHANNEL, 4);

        History history = now(log.since(CHANNEL, positions.get(0).at(0), 2));

        assertThat(offsets(history)).containsExactly(1L, 2L);
        assertThat(history.reachesTop()).isFalse();
        assertThat(history.top().offset()).isEqualTo(4);
    }

    @Test
    void anUnusedChannelHasAPositionToResumeFrom() {
        History empty = since(CHANNEL, null);
        append(CHANNEL, "1");

        assertThat(empty.top().offset()).isZero();
        assertThat(offsets(since(CHANNEL, empty.top()))).containsExactly(1L);
        assertThat(since(CHANNEL, empty.top()).gap()).isEmpty();
    }

    @Test
    void theOldestEntriesAreForgottenBySize() {
        Position start = top(CHANNEL);
        appendMany(CHANNEL, HISTORY_SIZE + 3);

        History history = since(CHANNEL, start);

        assertThat(offsets(history)).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(history.gap()).contains(new Gap(start, start.at(3), Gap.Reason.TRIMMED));
    }

    @Test
    void theOldestHeldEntryIsReadWithoutAGap() {
        Position start = top(CHANNEL);
        appendMany(CHANNEL, HISTORY_SIZE + 3);

        History history = since(CHANNEL, start.at(3));

        assertThat(history.gap()).isEmpty();
        assertThat(history.entries()).hasSize(HISTORY_SIZE);
    }

    @Test
    void offsetsGoOnAfterTheHistoryExpired() {
        Position last = appendMany(CHANNEL, 3).get(2);

        letHistoryExpire(CHANNEL);

        History history = since(CHANNEL, last.at(1));
        assertThat(history.entries()).isEmpty();
        assertThat(history.gap()).contains(new Gap(last.at(1), last, Gap.Reason.TRIMMED));
        assertThat(since(CHANNEL, last).gap()).isEmpty();
        assertThat(append(CHANNEL, "4").position()).isEqualTo(last.at(4));
        assertThat(offsets(since(CHANNEL, last))).containsExactly(4L);
    }

    @Test
    void positionOfAnotherEpochYieldsGapToOldestEntry() {
        appendMany(CHANNEL, HISTORY_SIZE + 1);
        Position stranger = new Position("stranger", 2);

        History history = since(CHANNEL, stranger);

        assertThat(history.gap()).contains(new Gap(stranger, history.top().at(1), Gap.Reason.EPOCH_CHANGED));
        assertThat(offsets(history)).containsExactly(2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void positionOfAnotherEpochInUnusedChannelYieldsGap() {
        Position stranger = new Position("stranger", 2);

        History history = since(CHANNEL, stranger);

        assertThat(history.gap()).contains(new Gap(stranger, history.top(), Gap.Reason.EPOCH_CHANGED));
        assertThat(history.top().offset()).isZero();
    }

    @Test
    void aPositionAheadOfTheTopIsAGap() {
        Position last = append(CHANNEL, "1").position();

        History history = since(CHANNEL, last.at(9));

        assertThat(history.gap()).contains(new Gap(last.at(9), last, Gap.Reason.AHEAD));
        assertThat(history.entries()).isEmpty();
    }

    @Test
    void theFirehoseHoldsEveryEventWithOffsetsOfItsOwn() {
        Position start = top(FIREHOSE);
        Event first = event(CHANNEL, "1");
        Event second = event(OTHER, "2");
        now(log.append(first, null));
        now(log.append(second, null));

        History history = since(FIREHOSE, start);

        assertThat(offsets(history)).containsExactly(1L, 2L);
        assertThat(history.entries()).extracting(Entry::channel).containsOnly(FIREHOSE);
        assertThat(history.entries()).extracting(Entry::payload).containsExactly(first.payload(), second.payload());
    }

    @Test
    void theFirehoseHasItsOwnHistorySize() {
        Position start = top(FIREHOSE);
        appendMany(CHANNEL, FIREHOSE_SIZE + 2);

        assertThat(since(FIREHOSE, start).entries()).hasSize(FIREHOSE_SIZE);
    }

    @Test
    void anEventOfTheFirehoseItselfIsHeldOnce() {
        Position start = top(FIREHOSE);

        assertThat(append(FIREHOSE, "1").position()).isEqualTo(start.at(1));
        assertThat(offsets(since(FIREHOSE, start))).containsExactly(1L);
    }

    @Test
    void aRepeatAnswersTheFirstResultAndAppendsNothing() {
        Position start = top(FIREHOSE);
        Accepted first = now(log.append(event(CHANNEL, "1"), "key"));
        append(CHANNEL, "2");

        Accepted repeat = now(log.append(event(CHANNEL, "3"), "key"));

        assertThat(repeat).isEqualTo(new Accepted(first.id(), first.position(), true));
        assertThat(top(CHANNEL).offset()).isEqualTo(2);
        assertThat(top(FIREHOSE)).isEqualTo(start.at(2));
    }

    @Test
    void anIdempotencyKeyCountsForItsChannelOnly() {
        now(log.append(event(CHANNEL, "1"), "key"));

        assertThat(now(log.append(event(OTHER, "1"), "key")).repeated()).isFalse();
    }

    @Test
    void anIdempotencyKeyIsForgottenAfterItsWindow() {
        now(log.append(event(CHANNEL, "1"), "key"));

        letRepeatWindowPass(CHANNEL, "key");

        Accepted later = now(log.append(event(CHANNEL, "2"), "key"));
        assertThat(later.repeated()).isFalse();
        assertThat(later.position().offset()).isEqualTo(2);
    }

    @Test
    void concurrentRepeatsAppendOnce() {
        List<Uni<Accepted>> repeats = IntStream.range(0, 24)
                .mapToObj(i -> log.append(event(CHANNEL, "" + i), "key"))
                .toList();

        List<Accepted> answers = inParallel(repeats);

        assertThat(answers).filteredOn(answer -> !answer.repeated()).hasSize(1);
        assertThat(answers).extracting(Accepted::id).containsOnly(answers.get(0).id());
        assertThat(top(CHANNEL).offset()).isEqualTo(1);
    }

    @Test
    void concurrentAppendsLeaveNoHole() {
        Position start = top(FIREHOSE);
        List<Uni<Accepted>> appends = IntStream.range(0, 24)
                .mapToObj(i -> log.append(event(i % 2 == 0 ? CHANNEL : OTHER, "" + i), null))
                .toList();

        inParallel(appends);

        assertThat(top(CHANNEL).offset()).isEqualTo(12);
        assertThat(top(OTHER).offset()).isEqualTo(12);
        assertThat(top(FIREHOSE)).isEqualTo(start.at(24));
    }

    @Test
    void theLatestAreTheNewestOfEachTypeInOrder() {
        append(CHANNEL, OTHER_TYPE, "1");
        append(CHANNEL, TYPE, "2");
        Position created = append(CHANNEL, OTHER_TYPE, "3").position();
        Position updated = append(CHANNEL, TYPE, "4").position();

        List<Entry> latest = latest(CHANNEL);

        assertThat(latest).extracting(Entry::position).containsExactly(created, updated);
        assertThat(latest).extracting(Entry::type).containsExactly(OTHER_TYPE, TYPE);
        assertThat(latest).extracting(Entry::channel).containsOnly(CHANNEL);
        assertThat(latest.get(1).payload())
                .isEqualTo(since(CHANNEL, created).entries().get(0).payload());
    }

    @Test
    void anUnusedChannelHasNoLatest() {
        top(CHANNEL);

        assertThat(latest(CHANNEL)).isEmpty();
        assertThat(latest(OTHER)).isEmpty();
    }

    @Test
    void aRepeatChangesNoLatest() {
        Position first = now(log.append(event(CHANNEL, "1"), "key")).position();

        now(log.append(event(CHANNEL, "2"), "key"));

        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(first);
        assertThat(latest(FIREHOSE)).extracting(Entry::offset).containsExactly(1L);
    }

    @Test
    void theFirehosesLatestComeFromAllChannels() {
        append(CHANNEL, OTHER_TYPE, "1");
        append(OTHER, TYPE, "2");
        append(CHANNEL, OTHER_TYPE, "3");

        List<Entry> latest = latest(FIREHOSE);

        assertThat(latest).extracting(Entry::offset).containsExactly(2L, 3L);
        assertThat(latest).extracting(Entry::type).containsExactly(TYPE, OTHER_TYPE);
        assertThat(latest).extracting(Entry::channel).containsOnly(FIREHOSE);
    }

    @Test
    void theLatestOutliveTheBoundOnTheHistory() {
        Position rare = append(CHANNEL, OTHER_TYPE, "rare").position();
        Position last = appendMany(CHANNEL, HISTORY_SIZE + 3).get(HISTORY_SIZE + 2);

        assertThat(since(CHANNEL, rare.at(0)).gap()).isPresent();
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(rare, last);
    }

    @Test
    void theLatestAreForgottenWithTheHistory() {
        append(CHANNEL, OTHER_TYPE, "1");
        append(CHANNEL, TYPE, "2");

        letHistoryExpire(CHANNEL);

        assertThat(latest(CHANNEL)).isEmpty();
        Position next = append(CHANNEL, TYPE, "3").position();
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(next);
    }

    @Test
    void randomUseAgreesWithTheModel() {
        new LogModel(log, System.nanoTime()).run(400);
    }
}
