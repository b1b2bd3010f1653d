package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The reads of one channel's log by the subscriptions of one lane. Subscriptions that ask for the same page at the same
 * time share one read. Belongs to the lane's event loop.
 */
final class SharedReads {
    private final Lane lane;
    private final Channel channel;
    private final Runnable whenDone;
    private final Map<Optional<Position>, List<Subscription>> waiting = new HashMap<>();

    /** @param whenDone called after each page */
    SharedReads(Lane lane, Channel channel, Runnable whenDone) {
        this.lane = lane;
        this.channel = channel;
        this.whenDone = whenDone;
    }

    /** Whether no page is being read. A read may outlive its reader, and a later subscription may share it. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Reads the page after a position for the subscription; null: only the top. */
    void read(Subscription subscription, Position after, int limit) {
        var sharers = waiting.computeIfAbsent(Optional.ofNullable(after), key -> new ArrayList<>(1));
        sharers.add(subscription);
        if (sharers.size() > 1) {
            return;
        }
        lane.parts()
                .log()
                .since(channel, after, limit)
                .subscribe()
                .with(
                        page -> {
                            List<Delivery> deliveries =
                                    page.entries().stream().map(Delivery::new).toList();
                            finish(after, sharer -> sharer.onPage(page, deliveries));
                        },
                        failure -> finish(after, sharer -> sharer.onReadFailed(failure)));
    }

    private void finish(Position after, Consumer<Subscription> outcome) {
        lane.loop().execute(() -> {
            waiting.remove(Optional.ofNullable(after)).forEach(sharer -> give(sharer, outcome));
            whenDone.run();
        });
    }

    /**
     * A subscription that fails, for example because its format cannot show an entry, does not harm the others of the page.
     */
    private void give(Subscription sharer, Consumer<Subscription> outcome) {
        try {
            outcome.accept(sharer);
        } catch (RuntimeException failure) {
            Log.errorf(failure, "A page could not be given to a subscription, which ends [%s]", channel);
            // The written part of the page is unknown, so the subscription has no position to go on from.
            sharer.fail();
        }
    }
}
