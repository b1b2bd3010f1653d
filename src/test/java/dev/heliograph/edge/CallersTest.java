package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.access.Caller;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route asks its caller, who here may do nothing. */
@QuarkusTest
class CallersTest {
    private static final String NOBODY = "X-Nobody";
    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";
    /** Those of the cache's administration ask nobody yet. */
    private static final Set<Route> OPEN = EnumSet.of(Route.CACHE, Route.CACHE_INVALIDATE, Route.CACHE_KEY);

    @TestHTTPResource("/api/realtime/ws")
    URI gateway;

    /** Requests with the header come from nobody. */
    @Singleton
    static final class Nobody {
        void register(@Observes Filters filters) {
            filters.register(
                    context -> {
                        if (context.request().headers().contains(NOBODY)) {
                            Exchange.comesFrom(context, refusing());
                        }
                        context.next();
                    },
                    FilterOrder.CALLERS.priority() - 1);
        }

        private static Caller refusing() {
            return (action, channel) -> {
                throw ProblemException.of(ProblemType.PUBLISH_NOT_ALLOWED, action + " " + channel);
            };
        }
    }

    /** @param refusal what the caller is asked */
    private record Request(Route route, String method, String address, String body, String refusal) {}

    private static Stream<Request> requests() {
        return Stream.of(
                new Request(Route.PUBLISH, "POST", "publish", EVENT, "PUBLISH orders-1"),
                new Request(Route.SSE, "GET", "sse?channel=orders-1", "", "SUBSCRIBE orders-1"),
                new Request(Route.POLL, "GET", "poll?channel=orders-1&cursor=a-1", "", "SUBSCRIBE orders-1"),
                new Request(Route.POLL, "GET", "poll?channel=orders-1&document=true", "", "SUBSCRIBE orders-1"),
                new Request(Route.EVENTS, "GET", "channels/orders-1/events", "", "READ orders-1"),
                new Request(Route.LATEST, "GET", "channels/orders-1/latest", "", "READ orders-1"),
                new Request(Route.DOCUMENT, "GET", "documents/orders-1", "", "READ orders-1"),
                new Request(Route.DOCUMENT, "PUT", "documents/orders-1?event=order.updated", "{}", "WRITE orders-1"),
                new Request(Route.DOCUMENT, "DELETE", "documents/orders-1?event=order.updated", "", "WRITE orders-1"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void routeAnswersTheCallersRefusal(Request request) {
        given().header(NOBODY, "1")
                .contentType("application/json")
                .body(request.body)
                .request(request.method, "/api/realtime/" + request.address)
                .then()
                .statusCode(403)
                .body("detail", equalTo(request.refusal));
    }

    @Test
    void batchAnswersTheCallersRefusalForEachEvent() {
        given().header(NOBODY, "1")
                .contentType("application/json")
                .body("{\"events\":[" + EVENT + "]}")
                .post("/api/realtime/publish/batch")
                .then()
                .statusCode(200)
                .body("results[0].error.detail", equalTo("PUBLISH orders-1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":1,\"subscribe\":{\"channel\":\"orders-1\"}} | SUBSCRIBE orders-1",
                "{\"id\":1,\"subscribe\":{\"channel\":\"orders-1\",\"document\":true}} | SUBSCRIBE orders-1",
            })
    void webSocketAnswersTheCallersRefusal(String frame, String refusal) throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header(NOBODY, "1")
                .buildAsync(URI.create(gateway.toString().replaceFirst("http", "ws")), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                        answers.add(text.toString());
                        from.request(1);
                        return null;
                    }
                })
                .join();

        socket.sendText(frame, true).join();

        assertThat(answers.poll(20, TimeUnit.SECONDS)).contains("\"detail\":\"" + refusal + "\"");
        socket.abort();
    }

    @Test
    void everyRouteIsHere() {
        Set<Route> asking = requests().map(Request::route).collect(Collectors.toSet());
        asking.addAll(Set.of(Route.PUBLISH_BATCH, Route.WS));

        assertThat(Route.values()).allMatch(route -> asking.contains(route) != OPEN.contains(route));
    }
}
