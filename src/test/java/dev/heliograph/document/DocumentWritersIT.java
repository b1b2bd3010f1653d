package dev.heliograph.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many writers on one document at once: no change is lost, none is made twice, and each has exactly one event. */
class DocumentWritersIT {
    private static final int WRITERS = 50;
    private static final int CHANGES_EACH = 200;
    /**
     * These add one to a member that they share, without merging: two that count from 5 to 6 made the same change. The
     * others change a member of their own, and merge.
     */
    private static final int COUNTERS = 6;

    /** Far more than it takes, so that only writers that starve each other go beyond. */
    private static final int LIMIT_SECONDS = 300;

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final String MERGING = "?strategy=merge";
    private static final String CHANNEL = "orders-hot";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param versions of the changes that one writer was told are made, in their order */
    private record Wrote(List<Version> versions, int attempts) {}

    private record Version(String epoch, long offset) {
        static Version ofTag(String tag) {
            return of(tag.substring(1, tag.length() - 1));
        }

        static Version of(String cursor) {
            int hyphen = cursor.lastIndexOf('-');
            return new Version(cursor.substring(0, hyphen), Long.parseLong(cursor.substring(hyphen + 1)));
        }
    }

    @Test
    @Timeout(LIMIT_SECONDS)
    void noChangeIsLostOnOneNode() throws Exception {
        try (var node = start()) {
            runWriters(List.of(node.httpUri()));
        }
    }

    @Test
    @Timeout(LIMIT_SECONDS)
    void noChangeIsLostBetweenTwoNodes() throws Exception {
        try (var redis = RedisServer.start();
                var one = start("quarkus.redis.hosts=" + redis.uri());
                var two = start("quarkus.redis.hosts=" + redis.uri())) {
            runWriters(List.of(one.httpUri(), two.httpUri()));
        }
    }

    private static GatewayProcess start(String... options) {
        return GatewayProcess.start(Stream.concat(
                        Stream.of(options),
                        Stream.of(GatewayProcess.NO_PUBLISH_LIMIT, "heliograph.namespaces.orders.history-size=20000"))
                .toArray(String[]::new));
    }

    private void runWriters(List<URI> nodes) throws Exception {
        Version made = Version.ofTag(make(nodes.get(0)));

        long start = System.nanoTime();
        List<Wrote> wrote = all(IntStream.range(0, WRITERS)
                .mapToObj(i -> i < COUNTERS
                        ? (Callable<Wrote>) () -> count(nodes.get(i % nodes.size()), "c" + i)
                        : (Callable<Wrote>) () -> changeOwnMember(nodes.get(i % nodes.size()), "w" + i))
                .toList());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "%d writers made %d changes of one document on %d nodes in %d ms, with %d requests%n",
                WRITERS,
                WRITERS * CHANGES_EACH,
                nodes.size(),
                took.toMillis(),
                wrote.stream().mapToInt(Wrote::attempts).sum());

        assertThat(wrote).allSatisfy(each -> assertThat(
                        each.versions().stream().map(Version::offset).toList())
                .hasSize(CHANGES_EACH)
                .isSorted()
                .doesNotHaveDuplicates());
        JsonNode document = JSON.readTree(get(nodes.get(0), "/api/realtime/documents/" + CHANNEL));
        assertThat(document.get("counter").intValue()).isEqualTo(COUNTERS * CHANGES_EACH);
        IntStream.range(COUNTERS, WRITERS)
                .forEach(i -> assertThat(document.get("w" + i).intValue()).isEqualTo(CHANGES_EACH));

        List<JsonNode> events = events(nodes.get(nodes.size() - 1), made);
        List<Version> told = events.stream()
                .map(event -> Version.of(event.get("cursor").textValue()))
                .toList();
        assertThat(told.stream().map(Version::offset))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(made.offset() + 1, made.offset() + (long) WRITERS * CHANGES_EACH)
                                .boxed()
                                .toList());
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        wrote.stream().flatMap(each -> each.versions().stream()).toList());
        assertThat(events.get(events.size() - 1).at("/data/document")).isEqualTo(document);
        assertEachEventIsOneChange(events);
    }

    /** Every event's document has one member that is one more than in the event before. */
    private static void assertEachEventIsOneChange(List<JsonNode> events) {
        int changes = 0;
        for (JsonNode event : events) {
            changes++;
            int sum = 0;
            for (JsonNode member : event.at("/data/document")) {
                sum += member.intValue();
            }
            assertThat(sum).isEqualTo(changes);
        }
    }

    /** Adds one to the member that all know, and begins again from what it is told whenever another was faster. */
    private Wrote count(URI node, String writer) throws Exception {
        var versions = new ArrayList<Version>();
        HttpResponse<String> known = read(node);
        String tag = tagOf(known);
        JsonNode document = JSON.readTree(known.body());
        int attempts = 0;
        while (versions.size() < CHANGES_EACH) {
            attempts++;
            int next = document.get("counter").intValue() + 1;
            HttpResponse<String> answer =
                    patch(node, "", tag, writer + '-' + versions.size(), "{\"counter\":" + next + "}");
            if (answer == null) {
                continue;
            }
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() == 200) {
                tag = tagOf(answer);
                document = body;
                versions.add(Version.ofTag(tag));
            } else {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
                tag = body.get("etag").textValue();
                document = body.get("current");
            }
        }
        return new Wrote(versions, attempts);
    }

    /** Changes what nobody else does, from the version that it saw last, so that it can always be merged. */
    private Wrote changeOwnMember(URI node, String member) throws Exception {
        var versions = new ArrayList<Version>();
        String tag = tagOf(read(node));
        int attempts = 0;
        while (versions.size() < CHANGES_EACH) {
            attempts++;
            HttpResponse<String> answer = patch(
                    node,
                    MERGING,
                    tag,
                    member + '-' + versions.size(),
                    "{\"" + member + "\":" + (versions.size() + 1) + "}");
            if (answer != null) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                tag = tagOf(answer);
                versions.add(Version.ofTag(tag));
            }
        }
        return new Wrote(versions, attempts);
    }

    private String make(URI node) throws Exception {
        HttpResponse<String> made = client.send(
                HttpRequest.newBuilder(node.resolve("/api/realtime/documents/" + CHANNEL))
                        .header("Content-Type", "application/json")
                        .header("If-None-Match", "*")
                        .PUT(BodyPublishers.ofString("{\"counter\":0}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return tagOf(made);
    }

    private HttpResponse<String> read(URI node) throws Exception {
        return client.send(
                HttpRequest.newBuilder(node.resolve("/api/realtime/documents/" + CHANNEL))
                        .timeout(ANSWER_LIMIT)
                        .build(),
                BodyHandlers.ofString());
    }

    /**
     * Asks for a change that one key stands for, however often it is asked for.
     *
     * @return null if it was not made, or it is not known whether it was: then it is to be asked for again
     */
    private HttpResponse<String> patch(URI node, String query, String tag, String key, String patch) throws Exception {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(node.resolve("/api/realtime/documents/" + CHANNEL + query))
                            .timeout(ANSWER_LIMIT)
                            .header("Content-Type", "application/merge-patch+json")
                            .header("If-Match", tag)
                            .header("Idempotency-Key", key)
                            .method("PATCH", BodyPublishers.ofString(patch))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 503 || answer.statusCode() == 504 ? null : answer;
        } catch (HttpTimeoutException e) {
            return null;
        }
    }

    /** All events after a version, polled page by page. */
    private List<JsonNode> events(URI node, Version after) throws Exception {
        var events = new ArrayList<JsonNode>();
        String cursor = after.epoch() + '-' + after.offset();
        while (true) {
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(node.resolve("/api/realtime/poll?channel=" + CHANNEL + "&cursor=" + cursor))
                            .timeout(ANSWER_LIMIT)
                            .build(),
                    BodyHandlers.ofString());
            if (page.statusCode() == 304) {
                return events;
            }
            JsonNode body = JSON.readTree(page.body());
            assertThat(body.has("gap")).as(page.body()).isFalse();
            body.get("events").forEach(events::add);
            cursor = body.get("cursor").textValue();
        }
    }

    private String get(URI node, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(node.resolve(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private static <T> List<T> all(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            var results = new ArrayList<T>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static String tagOf(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }
}
