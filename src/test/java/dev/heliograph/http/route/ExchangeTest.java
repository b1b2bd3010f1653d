package dev.heliograph.http.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.HttpConnection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a result that comes late, from elsewhere, or to nobody, over a real connection. */
class ExchangeTest {
    private static final long LIMIT_SECONDS = 30;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<UniEmitter<? super String>> asked = new CompletableFuture<>();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private final CompletableFuture<Thread> reading = new CompletableFuture<>();
    private final CompletableFuture<Thread> answering = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aResultFromAnotherThreadIsAnsweredOnTheConnectionsLoop() throws Exception {
        try (var client = HttpConnection.open(listen())) {
            client.send(REQUEST);
            soon(asked).complete("late");

            HttpConnection.Answer answer = client.answer();
            assertThat(answer.body().readAllBytes()).asString(US_ASCII).isEqualTo("late");
        }
        assertThat(soon(answering)).isSameAs(soon(reading)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void cancelsResultOfClientThatLeft() throws Exception {
        try (var client = HttpConnection.open(listen())) {
            client.send(REQUEST);
            soon(asked);
            assertThat(cancelled).isNotDone();
        }
        soon(cancelled);
    }

    @Test
    void aFailedResultIsAnsweredByTheRoutesFailureHandler() throws Exception {
        try (var client = HttpConnection.open(listen())) {
            client.send(REQUEST);
            soon(asked).fail(new IOException("no result"));

            assertThat(client.answer().status()).isEqualTo(418);
        }
    }

    private int listen() throws Exception {
        Uni<String> result = Uni.createFrom().emitter(emitter -> {
            emitter.onTermination(() -> cancelled.complete(null));
            reading.complete(Thread.currentThread());
            asked.complete(emitter);
        });
        Router router = Router.router(vertx);
        router.get("/")
                .handler(context -> Exchange.answer(context, result, text -> {
                    answering.complete(Thread.currentThread());
                    context.end(text);
                }))
                .failureHandler(context -> context.response()
                        .setStatusCode(418)
                        .end(context.failure().getMessage()));
        HttpServer server = soon(vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
        return server.actualPort();
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
