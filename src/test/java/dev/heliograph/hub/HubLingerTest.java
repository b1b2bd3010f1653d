package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For how long a channel is followed that nobody listens to any more, and its tail known. */
class HubLingerTest extends RunningHub {
    @Test
    void channelWithoutListenersIsUnfollowedAfterLinger() throws Exception {
        TestClient client = connect(format);
        Subscription subscription = hub.subscription(Events.ORDER, new Filter(Set.of(), Set.of(Kind.EVENTS)), client);
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
        Hub patient = lingering(Duration.ofMinutes(5));
        TestClient client = connect(format);
        var loop = client.outlet().loop();
        Subscription left = listenAtTheTail(patient, client);

        loop.submit(left::end).get();
        publish(Events.ORDER, 0, 3);

        await().until(
                        () -> loop.submit(() -> patient.tail(Events.ORDER, loop))
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

    @Test
    void aChannelWhoseTailIsAskedForIsStillFollowed() throws Exception {
        Hub patient = lingering(Duration.ofSeconds(3));
        TestClient client = connect(format);
        var loop = client.outlet().loop();
        Subscription subscription =
                patient.subscription(Events.ORDER, new Filter(Set.of(), Set.of(Kind.EVENTS)), client);
        loop.submit(() -> subscription.start(null).subscribe().with(position -> {}))
                .get();
        loop.submit(subscription::end).get();

        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(60)).until(() -> {
            loop.submit(() -> patient.tail(Events.ORDER, loop)).get();
            return patient.followedChannels() == 1;
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> patient.followedChannels() == 0);
    }

    private static Subscription listenAtTheTail(Hub hub, TestClient client) throws Exception {
        var loop = client.outlet().loop();
        Subscription subscription = hub.subscription(Events.ORDER, new Filter(Set.of(), Set.of(Kind.EVENTS)), client);
        loop.submit(() -> subscription.start(null).subscribe().with(position -> {}))
                .get();
        await().until(() ->
                loop.submit(() -> hub.tail(Events.ORDER, loop)).get().isPresent());
        return subscription;
    }
}
