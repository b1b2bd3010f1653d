package dev.heliograph.publish.http;

import dev.heliograph.http.ContentType;
import dev.heliograph.log.Accepted;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.BatchPublisher;
import dev.heliograph.publish.CloudEventReader;
import dev.heliograph.publish.Draft;
import dev.heliograph.publish.EventReader;
import dev.heliograph.publish.IdempotencyKey;
import dev.heliograph.publish.PublishAnswer;
import dev.heliograph.publish.Publisher;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code POST /api/realtime/publish} and {@code /batch}: takes one event or many, in the gateway's own form or as
 * CloudEvents. See docs/protocol.md.
 */
@Singleton
final class PublishEndpoint {
    private static final String PATH = "/api/realtime/publish";
    private static final String JSON = "application/json";
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";
    private static final String REPLAYED_HEADER = "Idempotent-Replayed";

    private final Publisher publisher;
    private final BatchPublisher batchPublisher;
    private final BodyHandler body;

    PublishEndpoint(Publisher publisher, BatchPublisher batchPublisher, BodyHandler body) {
        this.publisher = publisher;
        this.batchPublisher = batchPublisher;
        this.body = body;
    }

    void register(@Observes Router router) {
        router.post(PATH).handler(body).handler(this::publish);
        router.post(PATH + "/batch").handler(body).handler(this::publishBatch);
    }

    private void publish(RoutingContext context) {
        byte[] text = text(context);
        Draft read =
                switch (mediaType(context)) {
                    case JSON -> EventReader.read(text);
                    case CLOUD_EVENT -> CloudEventReader.read(text);
                    default -> throw unsupported(context, CLOUD_EVENT);
                };
        Draft draft = IdempotencyKey.apply(idempotencyKey(context), read);
        answer(context, publisher.publish(draft), accepted -> created(context.response(), draft, accepted));
    }

    private void publishBatch(RoutingContext context) {
        byte[] text = text(context);
        List<Supplier<Draft>> events =
                switch (mediaType(context)) {
                    case JSON -> EventReader.readBatch(text);
                    case CLOUD_EVENT_BATCH -> CloudEventReader.readBatch(text);
                    default -> throw unsupported(context, CLOUD_EVENT_BATCH);
                };
        Uni<List<PublishAnswer>> answers = batchPublisher.publish(events, idempotencyKey(context));
        answer(context, answers, results -> end(context.response(), json(results)));
    }

    private static void created(HttpServerResponse response, Draft draft, Accepted accepted) {
        response.setStatusCode(HttpResponseStatus.CREATED.code());
        if (accepted.repeated()) {
            response.putHeader(REPLAYED_HEADER, "true");
        }
        end(response, PublishAnswer.Published.of(draft.channel(), accepted).json());
    }

    private static String json(List<PublishAnswer> results) {
        return results.stream().map(PublishAnswer::json).collect(Collectors.joining(",", "{\"results\":[", "]}"));
    }

    private static void end(HttpServerResponse response, String json) {
        response.putHeader(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .end(json);
    }

    private static <T> void answer(RoutingContext context, Uni<T> published, Consumer<T> how) {
        published.invoke(how).subscribe().with(answered -> {}, context::fail);
    }

    /** Null if there is none. */
    private static String idempotencyKey(RoutingContext context) {
        String key = context.request().getHeader(IdempotencyKey.HEADER);
        IdempotencyKey.check(key);
        return key;
    }

    private static byte[] text(RoutingContext context) {
        return context.body().isEmpty() ? new byte[0] : context.body().buffer().getBytes();
    }

    /** JSON if none is told (RFC 9110, section 8.3, leaves it to us). */
    private static String mediaType(RoutingContext context) {
        String told = ContentType.essence(context.request().getHeader(HttpHeaderNames.CONTENT_TYPE));
        return told.isEmpty() ? JSON : told;
    }

    private static ProblemException unsupported(RoutingContext context, String cloudEvents) {
        return ProblemException.inField(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type",
                context.request().getHeader(HttpHeaderNames.CONTENT_TYPE),
                JSON + " or " + cloudEvents);
    }
}
