package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.HeldDocuments;
import dev.heliograph.http.ReadGate;
import dev.heliograph.hub.Kind;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the documents that a poll asks for are read and told. */
class PollDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGE_BYTES = 250 * 1024;
    private static final int BOUND_BYTES = 1 << 20;
    private static final List<Channel> CHANNELS = IntStream.range(0, Selection.MAX_CHANNELS)
            .mapToObj(i -> new Channel("orders-" + i))
            .toList();
    private static final Selection SELECTION = new Selection(CHANNELS, Set.of(), Set.of(Kind.EVENTS, Kind.DOCUMENTS));

    private final HeldDocuments documents = new HeldDocuments();
    private final PollDocuments polls = new PollDocuments(documents, new ReadGate());

    @Test
    void documentsAreReadOneAfterTheOther() throws IOException {
        CursorVector at = CursorVector.fromNow(CHANNELS.size());
        CompletableFuture<byte[]> answer = ask(at);

        for (int i = 0; i < CHANNELS.size(); i++) {
            assertThat(documents.asked()).isEqualTo(CHANNELS.subList(0, i + 1));
            assertThat(documents.waiting()).isEqualTo(1);
            documents.answerNext(nothing(i));
        }

        assertThat(channels(answer)).isEqualTo(CHANNELS);
        assertThat(JSON.readTree(answer.join()).path("hasUpdate").booleanValue())
                .isFalse();
        assertThat(at.isComplete()).isTrue();
    }

    @Test
    void documentsTooManyForOneAnswerComeWithTheNextExactlyOnce() throws IOException {
        var told = new ArrayList<Channel>();
        CursorVector at = CursorVector.fromNow(CHANNELS.size());

        for (int polled = 0; !at.isComplete(); polled++) {
            CompletableFuture<byte[]> answer = ask(at);
            while (!answer.isDone()) {
                int i = documents.asked().size() - documents.waiting();
                documents.answerNext(i % 2 == 0 ? large(i) : nothing(i));
            }
            assertThat(answer.join()).hasSizeBetween(1, BOUND_BYTES + 2 * LARGE_BYTES);
            assertThat(JSON.readTree(answer.join()).path("cursor").textValue()).isEqualTo(at.cursor());
            told.addAll(channels(answer));
            assertThat(polled).isLessThan(CHANNELS.size() / 2);
            at = SELECTION.cursor("cursor", at.cursor());
        }

        assertThat(told).isEqualTo(CHANNELS);
        assertThat(documents.asked()).isEqualTo(CHANNELS);
    }

    @Test
    void aChannelOfWhichTheClientHasACursorKeepsIt() throws IOException {
        CursorVector at = CursorVector.fromNow(CHANNELS.size());
        IntStream.range(0, CHANNELS.size()).filter(i -> i != 7).forEach(i -> at.set(i, new Position("known", i)));
        CompletableFuture<byte[]> answer = ask(at);

        documents.answerNext(large(7));

        assertThat(channels(answer)).containsExactly(CHANNELS.get(7));
        assertThat(at.at(6)).isEqualTo(new Position("known", 6));
        assertThat(at.at(7)).isEqualTo(top(7));
    }

    @Test
    void documentThatCannotBeReadFailsThePoll() {
        CompletableFuture<byte[]> answer = ask(CursorVector.fromNow(CHANNELS.size()));

        documents.answerNext(nothing(0));
        documents.failNext(new IllegalStateException("as the test wants it"));

        assertThat(answer).isCompletedExceptionally();
        assertThat(documents.waiting()).isZero();
    }

    private CompletableFuture<byte[]> ask(CursorVector at) {
        return polls.answer(SELECTION, at).subscribeAsCompletionStage();
    }

    private static List<Channel> channels(CompletableFuture<byte[]> answer) throws IOException {
        var channels = new ArrayList<Channel>();
        for (JsonNode told : JSON.readTree(answer.join()).path("documents")) {
            channels.add(new Channel(told.path("channel").textValue()));
        }
        return channels;
    }

    private static Snapshot nothing(int i) {
        return new Snapshot(Optional.empty(), top(i));
    }

    private static Snapshot large(int i) {
        byte[] json = ("{\"text\":\"" + "x".repeat(LARGE_BYTES) + "\"}").getBytes(US_ASCII);
        return new Snapshot(Optional.of(new Document(json, top(i), Instant.EPOCH)), top(i));
    }

    private static Position top(int i) {
        return new Position("a" + i, i);
    }
}
