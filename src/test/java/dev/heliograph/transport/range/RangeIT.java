package dev.heliograph.transport.range;

import static dev.heliograph.fixture.GatewayHttp.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every node answers a range alike, and tells truly what Redis has lost. */
class RangeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RedisServer redis;
    private static GatewayProcess one;
    private static GatewayProcess two;

    @BeforeAll
    static void start() {
        redis = RedisServer.startProcess(false);
        String[] options = {"quarkus.redis.hosts=" + redis.uri(), "heliograph.namespaces.jobs.history-size=10"};
        one = GatewayProcess.start(options);
        two = GatewayProcess.start(options);
    }

    @AfterAll
    static void end() {
        two.close();
        one.close();
        redis.close();
    }

    @Test
    void everyNodeAnswersAClosedRangeWithTheSameBytes() throws IOException {
        Position top = publish(one, "orders-same", "order.created", 250);
        String pages = "?from=" + top.at(3) + "&to=" + top.at(240) + "&limit=200";

        String ofOne = get(one, "orders-same", pages);
        String ofTwo = get(two, "orders-same", pages);

        assertThat(ofTwo).isEqualTo(ofOne);
        assertThat(JSON.readTree(ofOne).path("events").findValuesAsText("cursor"))
                .containsExactlyElementsOf(IntStream.rangeClosed(4, 203)
                        .mapToObj(offset -> top.at(offset).cursor())
                        .toList());
    }

    @Test
    void eventsThatRedisTrimmedAreAGap() throws IOException {
        Position top = publish(one, "jobs-trimmed", "job.created", 30);

        JsonNode range = JSON.readTree(get(two, "jobs-trimmed", "?from=" + top.at(2)));

        JsonNode gap = range.path("gap");
        assertThat(gap.path("reason").textValue()).isEqualTo("trimmed");
        assertThat(gap.path("to").textValue())
                .isEqualTo(top.at(top.offset() - range.path("events").size()).cursor());
        assertThat(range.path("cursor").textValue()).isEqualTo(top.cursor());
    }

    @Test
    void eventsThatRedisLostAltogetherAreAGapOfTheirEpoch() throws IOException {
        Position lost = publish(one, "drivers-lost", "driver.online", 3);
        try (var backend = new RedisBackend(redis)) {
            backend.send("FLUSHALL");
        }
        Position top = publish(two, "drivers-lost", "driver.online", 2);

        JsonNode open = JSON.readTree(get(one, "drivers-lost", "?from=" + lost.at(1)));
        JsonNode closed = JSON.readTree(get(one, "drivers-lost", "?from=" + lost.at(1) + "&to=" + lost));

        assertThat(open.at("/gap/reason").textValue()).isEqualTo("epoch-changed");
        assertThat(open.path("events").findValuesAsText("cursor"))
                .containsExactly(top.at(1).cursor(), top.cursor());
        assertThat(closed.at("/gap/reason").textValue()).isEqualTo("epoch-changed");
        assertThat(closed.path("events")).isEmpty();
    }

    private static String get(GatewayProcess gateway, String channel, String query) throws IOException {
        return new GatewayHttp(gateway.httpUri()).get("/api/realtime/channels/" + channel + "/events" + query);
    }

    /** @return the position of the last event */
    private static Position publish(GatewayProcess gateway, String channel, String type, int count) throws IOException {
        var backend = new GatewayHttp(gateway.httpUri());
        List<String> events = IntStream.range(1, count)
                .mapToObj(n -> event(channel, type, "{\"n\":" + n + "}"))
                .toList();
        for (int i = 0; i < events.size(); i += 100) {
            backend.publishAll(events.subList(i, Math.min(events.size(), i + 100)));
        }
        return Position.parse(backend.publish(channel, type, "{\"n\":" + count + "}"));
    }
}
