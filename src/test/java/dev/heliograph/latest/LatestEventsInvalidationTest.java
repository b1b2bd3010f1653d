package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an invalidation drops, whichever node it comes from. */
class LatestEventsInvalidationTest extends HandDrivenStore {
    @Test
    void anInvalidationDropsTheChannelsItNamesAndTellsTheOthers() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        keep(OTHER, entry(OTHER, "e", 7, UPDATED));

        store.invalidate(Invalidation.ofKey(CATALOGUE, "orders-123")).await().indefinitely();

        assertThat(now(OTHER).cached()).isTrue();
        assertThat(ask(CHANNEL)).isNotDone();
        assertThat(log.broadcasts).hasSize(1).first().asString().matches("invalidate [0-9a-f-]{36} orders-123");
    }

    @Test
    void anotherNodesInvalidationDropsTheChannelsItNames() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        keep(OTHER, entry(OTHER, "e", 7, UPDATED));

        log.notice("invalidate another-node drivers-* orders-1?3:order.updated");

        assertThat(now(OTHER).cached()).isTrue();
        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void aReadAcrossAnInvalidationIsNotKept() {
        ask(CHANNEL);
        log.notice("invalidate another-node *");
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void ourOwnNoticeAndStrangeOnesDropNothing() {
        keep(OTHER);
        store.invalidate(Invalidation.ofKey(CATALOGUE, "orders-123")).await().indefinitely();
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        log.notice(log.broadcasts.get(0));
        log.notice("");
        log.notice("invalidate");
        log.notice("invalidate another-node");
        log.notice("reload another-node *");

        assertThat(now(CHANNEL).cached()).isTrue();
        assertThat(now(OTHER).cached()).isTrue();
    }
}
