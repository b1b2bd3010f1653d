package dev.heliograph.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Grants;
import dev.heliograph.access.Identity;
import dev.heliograph.access.Revocation;
import dev.heliograph.access.Revocations;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.HeldDocuments;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.hub.Batch;
import dev.heliograph.hub.Filter;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Kind;
import dev.heliograph.hub.Outlet;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.wire.CloseReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The caller of a session, its token's end, and a newer token. Virtual time, one thread. */
class SessionCallerTest {
    private static final Channel FIRST = new Channel("orders-1");
    private static final Channel SECOND = new Channel("orders-2");
    private static final Filter EVERYTHING = new Filter(Set.of(), Set.of(Kind.EVENTS));
    private static final Filter TYPES_AND_DOCUMENTS =
            new Filter(Set.of("order.updated"), Set.of(Kind.EVENTS, Kind.DOCUMENTS));
    private static final Grants ORDERS = grants(List.of("orders"), List.of("orders"));

    /** A lane rests up to 20 ms of real time after its last turn, and its timer runs by the time of the loop. */
    private static final Duration LANE_REST = Duration.ofMillis(25);

    private final EmbeddedChannel socket = new EmbeddedChannel();
    private final ManualClock clock = new ManualClock();
    private final Catalogue catalogue = new Catalogue(List.of(Namespaces.closed("orders", "order.updated")));
    private final MemoryEventLog log = new MemoryEventLog(catalogue, 1 << 24, clock);
    private final Hub hub = new Hub(catalogue, log, log, defaults(Hub.Config.class), new SimpleMeterRegistry());
    private final HeldDocuments documents = new HeldDocuments();
    private final List<String> told = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    SessionCallerTest() {
        socket.freezeTime();
    }

    @Test
    void tellsOfEndOfTokenOnceAndEndsThen() {
        Session session = open(alice(Duration.ofMinutes(10)));
        subscribe(session, FIRST);

        pass(Duration.ofMinutes(9).minusMillis(1));
        assertThat(told).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(told).containsExactly("expiring 2026-01-02T03:14:05Z");
        pass(Duration.ofSeconds(60).minusMillis(1));
        publish();
        pass(Duration.ofMillis(1));
        publish();

        assertThat(told).containsExactly("expiring 2026-01-02T03:14:05Z", "event", "closed TOKEN_EXPIRED");
        assertThat(session.hasEnded()).isTrue();
        pass(Duration.ofMinutes(5));
        assertThat(told).hasSize(3);
    }

    @Test
    void tellsAtOnceIfLittleIsLeft() {
        open(alice(Duration.ofSeconds(59)));

        pass(Duration.ZERO);

        assertThat(told).containsExactly("expiring 2026-01-02T03:05:04Z");
    }

    @Test
    void endsLateIfClockWasSetBack() {
        open(alice(Duration.ofMinutes(2)));
        clock.advance(Duration.ofMinutes(-1));

        pass(Duration.ofMinutes(2));
        assertThat(told).containsExactly("expiring 2026-01-02T03:06:05Z");
        pass(Duration.ofMinutes(1));

        assertThat(told).last().isEqualTo("closed TOKEN_EXPIRED");
    }

    @Test
    void needsNoTimerForTokenThatDoesNotEndOrEndsInAThousandYears() {
        open(alice(null));
        assertThat(socket.runScheduledPendingTasks()).isEqualTo(-1);

        open(alice(Duration.ofDays(365_000)));
        pass(Duration.ofDays(1));

        assertThat(told).isEmpty();
    }

    @Test
    void leavesNoTimerBehind() {
        Session session = open(alice(Duration.ofMinutes(10)));

        session.end();

        assertThat(socket.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void goesOnWithNewerTokenAndLosesNoEvent() {
        Session session = open(alice(Duration.ofMinutes(2)));
        subscribe(session, FIRST);
        pass(Duration.ofSeconds(90));
        publish();

        session.renew(alice(Duration.ofMinutes(2)));
        publish();
        pass(Duration.ofSeconds(59));
        publish();

        assertThat(told).containsExactly("expiring 2026-01-02T03:06:05Z", "event", "event", "event");
        pass(Duration.ofSeconds(61));
        assertThat(told).endsWith("expiring 2026-01-02T03:07:35Z", "closed TOKEN_EXPIRED");
    }

    @Test
    void keepsOldTokenIfNewerOneIsOfSomebodyElse() {
        Session session = open(alice(Duration.ofMinutes(2)));
        subscribe(session, FIRST);

        List.of(
                        identity("bob", null, Duration.ofMinutes(9), ORDERS),
                        identity(null, null, Duration.ofMinutes(9), ORDERS),
                        identity("alice", "alice", null, ORDERS))
                .forEach(
                        other -> assertThat(refusal(() -> session.renew(other))).isEqualTo(ProblemType.INVALID_TOKEN));

        assertThat(session.caller().identity().orElseThrow().subject()).isEqualTo("alice");
        pass(Duration.ofMinutes(2));
        assertThat(told).containsExactly("expiring 2026-01-02T03:06:05Z", "closed TOKEN_EXPIRED");
    }

    @Test
    void keepsOldTokenIfNewerOneIsNotValid() {
        Session session = open(alice(Duration.ofMinutes(2)));

        session.refresh(Uni.createFrom()
                        .failure(ProblemException.of(ProblemType.INVALID_TOKEN, "as the test wants it")))
                .subscribe()
                .with(identity -> {}, failures::add);
        session.refresh(Uni.createFrom().item(alice(Duration.ofSeconds(-1))))
                .subscribe()
                .with(identity -> {}, failures::add);
        socket.runPendingTasks();

        assertThat(failures)
                .extracting(failure -> ((ProblemException) failure).problem().type())
                .containsExactly(ProblemType.INVALID_TOKEN, ProblemType.TOKEN_EXPIRED);
        pass(Duration.ofMinutes(2));
        assertThat(told).last().isEqualTo("closed TOKEN_EXPIRED");
    }

    @Test
    void endsOnlySubscriptionsThatNewerTokenDoesNotGrant() {
        Session session = open(alice(Duration.ofMinutes(2)));
        subscribe(session, FIRST);
        subscribe(session, SECOND);

        session.renew(identity("alice", null, Duration.ofMinutes(9), grants(List.of("orders-1"), List.of())));
        publish();

        assertThat(told).containsExactly("unsubscribed orders-2 FORBIDDEN subscribe on orders-2", "event");
        assertThat(session.hasEnded()).isFalse();
    }

    @Test
    void endsSubscriptionsWithDocumentsIfNewerTokenMayNotReadThem() {
        Session session = open(alice(Duration.ofMinutes(2)));
        session.subscribe(FIRST, TYPES_AND_DOCUMENTS, null).subscribe().with(started -> {}, failures::add);
        session.subscribe(SECOND, EVERYTHING, null).subscribe().with(started -> {}, failures::add);
        socket.runPendingTasks();

        session.renew(identity("alice", null, Duration.ofMinutes(9), grants(List.of("orders"), List.of())));

        assertThat(told).containsExactly("unsubscribed orders-1 FORBIDDEN read on orders-1");
    }

    /** Otherwise an event stream would take the start that fails for a fault, and end. */
    @Test
    void tellsOfSubscriptionThatIsStillStartingBeforeItsStartFails() {
        Session session = open(alice(Duration.ofMinutes(2)));
        session.subscribe(SECOND, EVERYTHING, null)
                .subscribe()
                .with(started -> told.add("started"), failure -> told.add("failed"));

        session.renew(identity("alice", null, Duration.ofMinutes(9), grants(List.of("orders-1"), List.of())));

        assertThat(told).containsExactly("unsubscribed orders-2 FORBIDDEN subscribe on orders-2", "failed");
    }

    @Test
    void noticesEndOfTokenSoonAfterClockWasSetForward() {
        open(alice(Duration.ofMinutes(50)));
        clock.advance(Duration.ofMinutes(49));

        pass(Duration.ofMinutes(1));

        assertThat(told).last().isEqualTo("closed TOKEN_EXPIRED");
    }

    @Test
    void endsSubscriptionThatWaitsForItsDocument() {
        Session session = open(alice(Duration.ofMinutes(2)));
        session.subscribeWithDocument(FIRST, EVERYTHING)
                .subscribe()
                .with(snapshot -> told.add("document"), failures::add);
        socket.runPendingTasks();

        session.renew(identity("alice", null, Duration.ofMinutes(9), grants(List.of("orders"), List.of())));
        documents.answerNext(new Snapshot(Optional.empty(), new Position("a", 0)));
        socket.runPendingTasks();

        assertThat(told).containsExactly("unsubscribed orders-1 FORBIDDEN read on orders-1");
        assertThat(failures).hasSize(1);
        assertThat(hub.followedChannels()).isZero();
    }

    @Test
    void saysWhoItIsAfterItsBeginning() {
        Session session = open(Caller.anonymous(catalogue, false, "a"));
        assertThat(session.isOfNobody()).isTrue();

        session.authenticate(Uni.createFrom().item(alice(Duration.ofMinutes(2))))
                .subscribe()
                .with(identity -> told.add("authenticated " + identity.subject()), failures::add);
        socket.runPendingTasks();

        assertThat(told).containsExactly("authenticated alice");
        assertThat(session.isOfNobody()).isFalse();
        assertThat(session.caller()
                        .mayOnceDecided(Action.SUBSCRIBE, FIRST)
                        .await()
                        .indefinitely())
                .isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(told).last().isEqualTo("closed TOKEN_EXPIRED");
    }

    @Test
    void isNotOfNobodyYetWhileItIsFoundOutWhoItIs() {
        Session session = open(Caller.anonymous(catalogue, false, "a"));
        var shown = new ArrayList<UniEmitter<? super Identity>>();

        session.authenticate(Uni.createFrom().<Identity>emitter(shown::add))
                .subscribe()
                .with(identity -> {}, failures::add);
        assertThat(session.isIdentifying()).isTrue();
        shown.get(0).fail(ProblemException.of(ProblemType.INVALID_TOKEN, "as the test wants it"));
        socket.runPendingTasks();

        assertThat(session.isIdentifying()).isFalse();
        assertThat(session.isOfNobody()).isTrue();
        assertThat(failures).hasSize(1);
    }

    @Test
    void refusesToAuthenticateTwiceAndToRefreshNothing() {
        Uni<Identity> shown = Uni.createFrom().item(alice(Duration.ofMinutes(2)));
        Session known = open(alice(Duration.ofMinutes(2)));
        Session unknown = open(Caller.anonymous(catalogue, false, "a"));

        assertThat(refusal(() -> known.authenticate(shown))).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(refusal(() -> unknown.refresh(shown))).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void gatewayWithoutKeysAsksNobody() {
        Uni<Identity> shown = Uni.createFrom().item(alice(Duration.ofMinutes(2)));
        Session session = sessions(false).open(Caller.anonymous(catalogue, true, "a"), new Listener(), reason -> {});

        assertThat(session.isOfNobody()).isFalse();
        assertThat(refusal(() -> session.authenticate(shown))).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(refusal(() -> session.refresh(shown))).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void tokenThatComesAfterTheEndChangesNothing() {
        Session session = open(alice(Duration.ofMinutes(2)));
        session.end();

        session.renew(alice(Duration.ofMinutes(9)));

        assertThat(socket.runScheduledPendingTasks()).isEqualTo(-1);
    }

    private void pass(Duration time) {
        clock.advance(time);
        socket.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        socket.runPendingTasks();
    }

    private void publish() {
        log.append(new Event("e-1", FIRST, "order.updated", Instant.EPOCH, "{}".getBytes(UTF_8)), null)
                .await()
                .indefinitely();
        int before = told.size();
        long longestRest = System.nanoTime() + LANE_REST.toNanos();
        while (told.size() == before && System.nanoTime() < longestRest) {
            socket.advanceTimeBy(10, TimeUnit.MICROSECONDS);
            socket.runPendingTasks();
        }
    }

    /** By the identity that it has now, not by that with which it began. */
    @Test
    void endsOnlyIfItsOwnIdentityIsRevoked() {
        var revocations = new Revocations();
        Session nobody = open(Caller.anonymous(catalogue, false, "a"));
        Session alice = open(alice(Duration.ofMinutes(2)));
        revocations.put(
                new Revocation(Revocation.Kind.SUBJECT, "bob", Instant.now().plusSeconds(60)));
        List.of(nobody, alice).forEach(each -> each.endIfRevoked(revocations));
        assertThat(told).isEmpty();

        revocations.put(
                new Revocation(Revocation.Kind.SUBJECT, "alice", Instant.now().plusSeconds(60)));
        List.of(nobody, alice).forEach(each -> each.endIfRevoked(revocations));
        assertThat(told).containsExactly("closed TOKEN_REVOKED");

        nobody.authenticate(Uni.createFrom().item(alice(Duration.ofMinutes(2))))
                .subscribe()
                .with(done -> {}, failures::add);
        pass(Duration.ZERO);
        nobody.endIfRevoked(revocations);

        assertThat(nobody.hasEnded()).isTrue();
    }

    private Session open(Identity identity) {
        return open(Caller.anonymous(catalogue, false, "a").as(identity));
    }

    private Session open(Caller caller) {
        return sessions(true).open(caller, new Listener(), new Notebook());
    }

    private Sessions sessions(boolean asksCallers) {
        return new Sessions(
                hub,
                catalogue,
                defaults(SessionConfig.class),
                documents,
                asksCallers,
                clock,
                new SimpleMeterRegistry());
    }

    private void subscribe(Session session, Channel channel) {
        session.subscribe(channel, EVERYTHING, null).subscribe().with(started -> {}, failures::add);
        socket.runPendingTasks();
    }

    private Identity alice(Duration left) {
        return identity("alice", null, left, ORDERS);
    }

    private Identity identity(String subject, String key, Duration left, Grants grants) {
        return new Identity(
                subject, null, key, left == null ? null : clock.instant().plus(left), grants);
    }

    private static Grants grants(List<String> subscribe, List<String> read) {
        return Grants.of(Map.of(Action.SUBSCRIBE, subscribe, Action.READ, read), false, null);
    }

    private static ProblemType refusal(Runnable step) {
        return catchThrowableOfType(ProblemException.class, step::run).problem().type();
    }

    private static <T> T defaults(Class<T> config) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(config, "heliograph")
                .build()
                .getConfigMapping(config, "heliograph");
    }

    /** Notes what the client is told. */
    private final class Notebook implements Session.Client {
        @Override
        public void close(CloseReason reason) {
            told.add("closed " + reason);
        }

        @Override
        public void onTokenExpiring(Instant expires) {
            told.add("expiring " + expires);
        }

        @Override
        public void onUnsubscribed(Channel channel, Problem why) {
            told.add("unsubscribed " + channel + " " + why.type() + " "
                    + why.detail().split(" is not")[0]);
        }
    }

    /** Notes each event. */
    private final class Listener extends Outlet {
        @Override
        public EventLoop loop() {
            return socket.eventLoop();
        }

        @Override
        protected WireFormat format() {
            return new Silence();
        }

        @Override
        protected boolean isWritable() {
            return true;
        }

        @Override
        protected boolean push(Batch batch) {
            if (!isClosed()) {
                batch.frames().forEach(frame -> told.add(new String(frame, UTF_8)));
            }
            return true;
        }

        @Override
        protected void sync(Channel channel, Optional<Gap> gap, Position position) {}

        @Override
        protected void flush() {}
    }

    private static final class Silence implements WireFormat {
        @Override
        public byte[] event(Entry entry) {
            return "event".getBytes(UTF_8);
        }

        @Override
        public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
            return "sync".getBytes(UTF_8);
        }
    }
}
