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
 * The pages of one channel's log that subscriptions on one lane read: those that ask for the same page meanwhile share it.
 * Belongs to the lane's event loop.
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

    /** Whether no page is being read. One that is may outlive its reader, and be shared by another that comes later. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Has the page after a position given to the subscription; null: the top alone. */
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

    /** One that fails, as by a format that cannot show an entry, does not harm those that share its page. */
    private void give(Subscription sharer, Consumer<Subscription> outcome) {
        try {
            outcome.accept(sharer);
        } catch (RuntimeException failure) {
            Log.errorf(failure, "A page could not be given to a subscription, which ends [%s]", channel);
            // What of the page was written is not known, so it cannot go on from anywhere.
            sharer.fail();
        }
    }
}
