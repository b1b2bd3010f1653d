package dev.heliograph.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.HeldDocuments;
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
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.wire.CloseReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Virtual time, one thread. */
class SessionTest {
    private static final Channel FIRST = new Channel("orders-1");
    private static final Channel SECOND = new Channel("orders-2");
    private static final Filter EVERYTHING = new Filter(Set.of(), Set.of(Kind.EVENTS));
    private static final Snapshot NOTHING = new Snapshot(Optional.empty(), new Position("a", 0));

    private final EmbeddedChannel socket = new EmbeddedChannel();
    private final Catalogue catalogue = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private final MemoryEventLog log = new MemoryEventLog(catalogue, 1 << 24, Clock.systemUTC());
    private final Hub hub = new Hub(catalogue, log, log, defaults(Hub.Config.class), new SimpleMeterRegistry());
    private final HeldDocuments documents = new HeldDocuments();
    private final ScriptedOutlet outlet = new ScriptedOutlet(new Silence());
    private final Sessions sessions = new Sessions(
            hub,
            catalogue,
            defaults(SessionConfig.class),
            documents,
            false,
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    private final Session session = sessions.open(Caller.trusted(catalogue), outlet, reason -> {});
    private final List<Channel> told = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void clientGoneDuringReadHasNoSubscription() {
        subscribe(FIRST);

        session.end();
        documents.answerNext(NOTHING);
        socket.runPendingTasks();

        assertThat(failures).hasSize(1);
        assertThat(hub.followedChannels()).isZero();
    }

    @Test
    void tellsOfItsEndOnceAndInOrder() {
        var heard = new ArrayList<String>();
        session.whenEnded(() -> heard.add("first"));
        session.whenEnded(() -> heard.add("second " + session.hasEnded() + " " + session.servedUpTo(FIRST)));
        session.subscribe(FIRST, EVERYTHING, null).subscribe().with(started -> {}, failures::add);

        session.end();
        session.end();
        session.close(CloseReason.INTERNAL);

        assertThat(heard).containsExactly("first", "second true null");
    }

    @Test
    void tellsOfItsEndAtOnceWhenItHasEnded() {
        var heard = new ArrayList<String>();
        session.end();

        session.whenEnded(() -> heard.add("late"));

        assertThat(heard).containsExactly("late");
    }

    @Test
    void doesNotJoinChannelLeftDuringRead() {
        subscribe(FIRST);

        session.unsubscribe(FIRST);
        documents.answerNext(NOTHING);
        socket.runPendingTasks();

        assertThat(told).isEmpty();
        assertThat(failures).hasSize(1);
        assertThat(hub.followedChannels()).isZero();
    }

    @Test
    void joinsChannelOnceIfLeftAndJoinedDuringRead() {
        subscribe(FIRST);
        session.unsubscribe(FIRST);
        subscribe(FIRST);

        documents.answerNext(NOTHING);
        socket.runPendingTasks();
        documents.answerNext(NOTHING);
        socket.runPendingTasks();

        assertThat(failures).hasSize(1);
        assertThat(told).containsExactly(FIRST);
    }

    @Test
    void aChannelIsNotJoinedTwiceWhileItsDocumentIsRead() {
        subscribe(FIRST);

        assertThatThrownBy(() -> session.subscribe(FIRST, EVERYTHING, null)).hasMessageContaining("orders-1");
        assertThatThrownBy(() -> session.subscribeWithDocument(FIRST, EVERYTHING))
                .hasMessageContaining("orders-1");
    }

    @Test
    void documentsAreReadOneAfterTheOther() {
        subscribe(FIRST);
        subscribe(SECOND);
        assertThat(documents.asked()).containsExactly(FIRST);

        documents.answerNext(NOTHING);
        socket.runPendingTasks();

        assertThat(told).containsExactly(FIRST);
        assertThat(documents.asked()).containsExactly(FIRST, SECOND);
    }

    @Test
    void noDocumentIsReadForAClientThatTakesNothing() {
        outlet.isWritable = false;
        subscribe(FIRST);
        assertThat(documents.asked()).isEmpty();

        outlet.isWritable = true;
        outlet.onWritable();

        assertThat(documents.asked()).containsExactly(FIRST);
    }

    @Test
    void aDocumentThatCannotBeReadLetsTheNextOneCome() {
        subscribe(FIRST);
        subscribe(SECOND);

        documents.failNext(new IllegalStateException("as the test wants it"));
        socket.runPendingTasks();

        assertThat(failures).hasSize(1);
        assertThat(documents.asked()).containsExactly(FIRST, SECOND);
    }

    @Test
    void waitingChannelIsRefusedWithoutAReadWhenTheLogFails() {
        subscribe(FIRST);
        subscribe(SECOND);

        documents.failNext(ProblemException.of(ProblemType.LOG_TIMEOUT, "as the test wants it"));
        socket.runPendingTasks();

        assertThat(failures).hasSize(2);
        assertThat(documents.asked()).containsExactly(FIRST);

        subscribe(SECOND);
        documents.answerNext(NOTHING);
        socket.runPendingTasks();

        assertThat(told).containsExactly(SECOND);
    }

    /** Else it would wait for what never comes. */
    @Test
    void unencodableEntryClosesSession() {
        Position start = log.since(FIRST, null, 1).await().indefinitely().top();
        log.append(new Event("e-1", FIRST, "order.updated", Instant.EPOCH, "{}".getBytes(UTF_8)), null)
                .await()
                .indefinitely();
        var closed = new ArrayList<CloseReason>();
        Session other = sessions.open(Caller.trusted(catalogue), new ScriptedOutlet(new Speechless()), closed::add);

        other.subscribe(FIRST, EVERYTHING, start).subscribe().with(position -> {}, failures::add);
        socket.runPendingTasks();

        assertThat(closed).containsExactly(CloseReason.INTERNAL);
        assertThat(other.hasEnded()).isTrue();
    }

    private void subscribe(Channel channel) {
        session.subscribeWithDocument(channel, EVERYTHING)
                .subscribe()
                .with(snapshot -> told.add(channel), failures::add);
        socket.runPendingTasks();
    }

    private static <T> T defaults(Class<T> config) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(config, "heliograph")
                .build()
                .getConfigMapping(config, "heliograph");
    }

    /** An outlet that takes more when the test says so. */
    private final class ScriptedOutlet extends Outlet {
        private final WireFormat format;
        private boolean isWritable = true;

        ScriptedOutlet(WireFormat format) {
            this.format = format;
        }

        @Override
        public EventLoop loop() {
            return socket.eventLoop();
        }

        @Override
        protected WireFormat format() {
            return format;
        }

        @Override
        protected boolean isWritable() {
            return isWritable;
        }

        @Override
        protected boolean push(Batch batch) {
            batch.frames().forEach(frame -> assertThat(frame).isNotEmpty());
            return true;
        }

        @Override
        protected void sync(Channel channel, Optional<Gap> gap, Position position) {}

        @Override
        protected void flush() {}
    }

    private static final class Speechless extends Silence {
        @Override
        public byte[] event(Entry entry) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    private static class Silence implements WireFormat {
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
