package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every engine promises of documents. Subclasses open their engine with {@link #DOCUMENT_CATALOGUE}. */
public abstract class DocumentLogContract extends EngineContract {
    protected static final Duration DOCUMENT_TTL = Duration.ofHours(1);
    protected static final Channel DRAFT = new Channel("drafts-1");
    protected static final Catalogue DOCUMENT_CATALOGUE = new Catalogue(List.of(
            CATALOGUE.namespaceOf(CHANNEL),
            new Namespace(
                    "drafts",
                    Set.of("draft.updated"),
                    HISTORY_SIZE,
                    FIREHOSE_SIZE,
                    HISTORY_TTL,
                    EnumSet.allOf(Action.class),
                    false,
                    1024,
                    SlowClientPolicy.REPLAY,
                    Optional.empty(),
                    CacheProfile.REALTIME,
                    Optional.empty(),
                    Optional.of(DOCUMENT_TTL),
                    0)));

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");

    protected abstract DocumentLog documents();

    /** The clock of the engine when documents are written to it. */
    protected Instant time() {
        return TIME;
    }

    /** Makes the engine behave as if {@link #DOCUMENT_TTL} had passed since the document was last changed. */
    protected abstract void letDocumentExpire(Channel channel);

    @Test
    void aChannelWithoutADocumentHasAPosition() {
        Position last = append(CHANNEL, "1").position();

        Snapshot snapshot = snapshot(CHANNEL);

        assertThat(snapshot.document()).isEmpty();
        assertThat(snapshot.top()).isEqualTo(last);
        assertThat(snapshot(OTHER).top().offset()).isZero();
        assertThat(top(OTHER)).isEqualTo(snapshot(OTHER).top());
    }

    @Test
    void theVersionIsThePositionOfTheEventOfTheChange() {
        append(CHANNEL, "1");
        Position before = top(CHANNEL);

        Position version = write(CHANNEL, "{\"n\":1}", Expected.NOTHING).position();

        Document document = document(CHANNEL);
        assertThat(document.version()).isEqualTo(version).isEqualTo(before.at(2));
        assertThat(document.json()).asString(UTF_8).isEqualTo("{\"n\":1}");
        assertThat(document.modified()).isEqualTo(time());
        assertThat(snapshot(CHANNEL).top()).isEqualTo(version);
        Entry told = since(CHANNEL, before).entries().get(0);
        assertThat(told.position()).isEqualTo(version);
        assertThat(new String(told.payload(), UTF_8))
                .endsWith("\",\"document\":true,\"data\":{\"document\":{\"n\":1}}}");
        assertSaysWhatIsThere(told);
    }

    @Test
    void eventOfChangeIsInFirehoseAndAmongLatest() {
        Position start = top(FIREHOSE);

        Position version = write(CHANNEL, "{}", Expected.NOTHING).position();

        assertThat(since(FIREHOSE, start).entries()).hasSize(1);
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(version);
    }

    @Test
    void theEventOfAChangeIsAnnounced() {
        now(feed.follow(CHANNEL));

        Position version = write(CHANNEL, "{}", Expected.NOTHING).position();

        await().atMost(LIMIT)
                .until(() ->
                        heard.entries(CHANNEL).stream().map(Entry::position).anyMatch(version::equals));
    }

    @Test
    void othersEventsMoveTheTopAndNotTheVersion() {
        Position version = write(CHANNEL, "{}", Expected.NOTHING).position();

        Position last = append(CHANNEL, "1").position();

        assertThat(snapshot(CHANNEL).top()).isEqualTo(last);
        assertThat(document(CHANNEL).version()).isEqualTo(version);
        assertThat(tryWrite(CHANNEL, "{\"n\":2}", Expected.version(version))).isPresent();
    }

    @Test
    void existingDocumentIsNotCreatedAgain() {
        write(CHANNEL, "{\"n\":1}", Expected.NOTHING);
        Position top = top(FIREHOSE);

        assertThat(tryWrite(CHANNEL, "{\"n\":2}", Expected.NOTHING)).isEmpty();

        assertThat(document(CHANNEL).json()).asString(UTF_8).isEqualTo("{\"n\":1}");
        assertThat(top(FIREHOSE)).isEqualTo(top);
    }

    @Test
    void aChangeOfAnotherVersionChangesAndTellsNothing() {
        Position first = write(CHANNEL, "{\"n\":1}", Expected.NOTHING).position();
        Position second = write(CHANNEL, "{\"n\":2}", Expected.version(first)).position();

        assertThat(tryWrite(CHANNEL, "{\"n\":3}", Expected.version(first))).isEmpty();
        assertThat(tryWrite(CHANNEL, "{\"n\":3}", Expected.version(new Position("other", second.offset()))))
                .isEmpty();
        assertThat(tryWrite(OTHER, "{\"n\":3}", Expected.version(second))).isEmpty();

        assertThat(document(CHANNEL).version()).isEqualTo(second);
        assertThat(snapshot(CHANNEL).top()).isEqualTo(second);
        assertThat(snapshot(OTHER).top().offset()).isZero();
    }

    @Test
    void aDeletedDocumentIsGoneAndItsEndIsAnEvent() {
        Position first = write(CHANNEL, "{\"n\":1}", Expected.NOTHING).position();

        Position end = write(CHANNEL, null, Expected.version(first)).position();

        assertThat(snapshot(CHANNEL).document()).isEmpty();
        Entry told = since(CHANNEL, first).entries().get(0);
        assertThat(told.position()).isEqualTo(end);
        assertThat(new String(told.payload(), UTF_8)).endsWith("\",\"document\":true,\"data\":{\"document\":null}}");
        assertSaysWhatIsThere(told);
        assertThat(write(CHANNEL, "{\"n\":2}", Expected.NOTHING).position()).isEqualTo(end.at(3));
    }

    @Test
    void repeatGetsFirstResultAfterLaterChanges() {
        Accepted first = now(documents().change(change(CHANNEL, "{\"n\":1}"), Expected.NOTHING, "key"))
                .orElseThrow();
        Position second =
                write(CHANNEL, "{\"n\":2}", Expected.version(first.position())).position();

        Accepted repeat = now(documents().change(change(CHANNEL, "{\"n\":1}"), Expected.NOTHING, "key"))
                .orElseThrow();

        assertThat(repeat).isEqualTo(new Accepted(first.id(), first.position(), true));
        assertThat(now(documents().earlier(CHANNEL, "key"))).contains(repeat);
        assertThat(document(CHANNEL).version()).isEqualTo(second);
        assertThat(snapshot(CHANNEL).top()).isEqualTo(second);
    }

    @Test
    void aRefusedChangeLeavesItsKeyFree() {
        now(documents()
                .change(change(CHANNEL, "{}"), Expected.version(top(CHANNEL).at(1)), "key"));

        assertThat(now(documents().earlier(CHANNEL, "key"))).isEmpty();
        assertThat(now(documents().change(change(CHANNEL, "{}"), Expected.NOTHING, "key")))
                .get()
                .extracting(Accepted::repeated)
                .isEqualTo(false);
    }

    @Test
    void ofConcurrentChangesOfOneVersionOneIsMade() {
        Position start = write(CHANNEL, "{}", Expected.NOTHING).position();
        List<Uni<Optional<Accepted>>> rivals = IntStream.range(0, 24)
                .mapToObj(i -> documents().change(change(CHANNEL, "{\"n\":" + i + "}"), Expected.version(start), null))
                .toList();

        List<Optional<Accepted>> answers = inParallel(rivals);

        assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
        assertThat(document(CHANNEL).version()).isEqualTo(start.at(start.offset() + 1));
        assertThat(top(CHANNEL)).isEqualTo(start.at(start.offset() + 1));
    }

    @Test
    void documentsOutliveTheHistory() {
        Position version = write(CHANNEL, "{\"n\":1}", Expected.NOTHING).position();
        appendMany(CHANNEL, HISTORY_SIZE + 1);

        letHistoryExpire(CHANNEL);

        assertThat(since(CHANNEL, version).gap()).isPresent();
        assertThat(document(CHANNEL).version()).isEqualTo(version);
        assertThat(document(CHANNEL).json()).asString(UTF_8).isEqualTo("{\"n\":1}");
    }

    @Test
    void documentsOfANamespaceWithATtlAreForgottenAfterIt() {
        Position version = write(DRAFT, "{}", Expected.NOTHING).position();

        letDocumentExpire(DRAFT);

        assertThat(snapshot(DRAFT).document()).isEmpty();
        assertThat(tryWrite(DRAFT, "{}", Expected.version(version))).isEmpty();
        assertThat(tryWrite(DRAFT, "{}", Expected.NOTHING)).isPresent();
    }

    @Test
    void theFirehoseMayHaveADocument() {
        Position version = write(FIREHOSE, "{\"n\":1}", Expected.NOTHING).position();

        assertThat(document(FIREHOSE).version()).isEqualTo(version);
        assertThat(top(FIREHOSE)).isEqualTo(version.at(1));
    }

    @Test
    void documentsAreKeptByteForByte() {
        String json = "{\"naïve\":\"ü\\u0000 \\\" ☃ 𝄞 }}\",\"big\":1E+400,\"a\":{\"b\":[1.10]}}";

        write(CHANNEL, json, Expected.NOTHING);

        assertThat(document(CHANNEL).json()).asString(UTF_8).isEqualTo(json);
        Entry told = since(CHANNEL, document(CHANNEL).version().at(0)).entries().get(0);
        assertSaysWhatIsThere(told);
    }

    @Test
    void anOrdinaryEventTellsOfNoDocument() {
        Position before = top(CHANNEL);
        for (String data : List.of("{}", "{\"document\":{}}", "{\"document\":true,\"data\":{\"document\":{}}}")) {
            now(log.append(new Event("e", CHANNEL, TYPE, TIME, data.getBytes(UTF_8)), null));
        }

        assertThat(since(CHANNEL, before).entries())
                .hasSize(3)
                .allSatisfy(entry -> assertThat(DocumentChange.toldBy(entry)).isEmpty());
    }

    @Test
    void nothingIsChangedBeforeSubscription() {
        documents().change(change(CHANNEL, "{}"), Expected.NOTHING, null);

        assertThat(snapshot(CHANNEL).document()).isEmpty();
    }

    protected DocumentChange change(Channel channel, String json) {
        String type = channel.namespace().equals("drafts") ? "draft.updated" : TYPE;
        return new DocumentChange(Event.newId(), channel, type, time(), json == null ? null : json.getBytes(UTF_8));
    }

    protected Optional<Accepted> tryWrite(Channel channel, String json, Expected expected) {
        return now(documents().change(change(channel, json), expected, null));
    }

    protected Accepted write(Channel channel, String json, Expected expected) {
        return tryWrite(channel, json, expected).orElseThrow();
    }

    protected Snapshot snapshot(Channel channel) {
        return now(documents().snapshot(channel));
    }

    /** The version that is there. */
    protected Expected present(Channel channel) {
        return Expected.version(document(channel).version());
    }

    /** Who follows the channel then knows the document as well as who reads it. */
    private void assertSaysWhatIsThere(Entry entry) {
        assertThat(DocumentChange.toldBy(entry))
                .usingRecursiveComparison()
                .isEqualTo(Optional.of(snapshot(entry.channel())));
    }

    protected Document document(Channel channel) {
        return snapshot(channel).document().orElseThrow();
    }
}
