package dev.heliograph.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the feed of every engine promises. */
public abstract class FeedContract extends EngineContract {
    @Test
    void announcesEntriesInOrder() {
        now(feed.follow(CHANNEL));
        Event first = event(CHANNEL, "1");
        now(log.append(first, null));
        List<Position> rest = appendMany(CHANNEL, 4);

        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 5);
        assertThat(heard.entries(CHANNEL)).extracting(Entry::offset).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(heard.entries(CHANNEL).get(0).payload()).isEqualTo(first.payload());
        assertThat(heard.entries(CHANNEL).get(4).position()).isEqualTo(rest.get(3));
    }

    @Test
    void aFollowedFirehoseHearsEveryChannel() {
        now(feed.follow(FIREHOSE));
        append(CHANNEL, "1");
        append(OTHER, "2");

        await().atMost(LIMIT).until(() -> heard.entries(FIREHOSE).size() == 2);
        assertThat(heard.entries(FIREHOSE)).extracting(Entry::offset).containsExactly(1L, 2L);
        assertThat(heard.entries(CHANNEL)).isEmpty();
    }

    @Test
    void followingTwiceHearsOnce() {
        inParallel(List.of(feed.follow(CHANNEL), feed.follow(CHANNEL)));
        now(feed.follow(CHANNEL));
        now(feed.follow(OTHER));
        append(CHANNEL, "1");
        append(OTHER, "mark");

        await().atMost(LIMIT).until(() -> heard.entries(OTHER).size() == 1);
        assertThat(heard.entries(CHANNEL)).hasSize(1);
    }

    /** For each of many channels: follow, then append at once. Whatever is appended after follow() completed is heard. */
    @Test
    void nothingIsLostBetweenFollowAndAppend() {
        List<Channel> channels = IntStream.range(0, 100)
                .mapToObj(i -> new Channel("orders-race" + i))
                .toList();

        inParallel(channels.stream()
                .map(channel -> feed.follow(channel).chain(() -> log.append(event(channel, "1"), null)))
                .toList());

        await().atMost(LIMIT).until(() -> channels.stream()
                .allMatch(channel -> heard.entries(channel).size() == 1));
    }

    @Test
    void anUnfollowedChannelFallsSilent() {
        now(feed.follow(CHANNEL));
        now(feed.follow(OTHER));
        append(CHANNEL, "1");
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 1);

        feed.unfollow(CHANNEL);
        now(feed.follow(new Channel("orders-after")));
        append(CHANNEL, "2");
        append(OTHER, "mark");

        await().atMost(LIMIT).until(() -> heard.entries(OTHER).size() == 1);
        assertThat(heard.entries(CHANNEL)).hasSize(1);
    }

    @Test
    void anUnfollowedChannelCanBeFollowedAgain() {
        now(feed.follow(CHANNEL));
        feed.unfollow(CHANNEL);
        now(feed.follow(CHANNEL));

        append(CHANNEL, "1");

        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 1);
    }

    @Test
    void aNoticeIsHeardOnceAndUnchanged() {
        now(feed.follow(CHANNEL));

        now(feed.broadcast("first: naïve ☃"));
        now(feed.broadcast("second"));

        await().atMost(LIMIT).until(() -> heard.notices().size() == 2);
        assertThat(heard.notices()).containsExactly("first: naïve ☃", "second");
    }

    @Test
    void everyListenerHearsEverything() {
        var other = new RecordingListener();
        feed.listen(other);
        now(feed.follow(CHANNEL));

        append(CHANNEL, "1");
        now(feed.broadcast("notice"));

        for (RecordingListener listener : List.of(heard, other)) {
            await().atMost(LIMIT).until(() -> listener.entries(CHANNEL).size() == 1);
            await().atMost(LIMIT).until(() -> listener.notices().equals(List.of("notice")));
        }
    }

    @Test
    void aFailingListenerDoesNotSilenceTheOthers() {
        feed.listen(new Feed.Listener() {
            @Override
            public void onEntry(Entry entry) {
                throw new IllegalStateException("a listener's bug");
            }

            @Override
            public void onDoubt() {}
        });
        var after = new RecordingListener();
        feed.listen(after);
        now(feed.follow(CHANNEL));

        append(CHANNEL, "1");

        await().atMost(LIMIT).until(() -> after.entries(CHANNEL).size() == 1);
    }
}
