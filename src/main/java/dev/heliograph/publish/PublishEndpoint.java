package dev.heliograph.publish;

import dev.heliograph.access.Caller;
import dev.heliograph.access.PublishLimits;
import dev.heliograph.http.ContentType;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.log.Accepted;
import dev.heliograph.publish.Publisher.Draft;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code POST /api/realtime/publish} and {@code /batch}: take one event or a batch, in the gateway's own form or as
 * CloudEvents. See docs/protocol.md.
 */
@Singleton
final class PublishEndpoint {
    private static final String REPLAYED_HEADER = "Idempotent-Replayed";

    private final EventReader reader;
    private final CloudEventReader cloudReader;
    private final Publisher publisher;
    private final BatchPublisher batchPublisher;
    private final PublishLimits limits;
    private final BodyHandler body;

    PublishEndpoint(
            EventReader reader,
            CloudEventReader cloudReader,
            Publisher publisher,
            BatchPublisher batchPublisher,
            PublishLimits limits,
            BodyHandler body) {
        this.reader = reader;
        this.cloudReader = cloudReader;
        this.publisher = publisher;
        this.batchPublisher = batchPublisher;
        this.limits = limits;
        this.body = body;
    }

    void register(@Observes Router router) {
        router.post(Route.PUBLISH.pattern())
                .handler(Exchange.reads(body, Route.PUBLISH))
                .handler(this::publish);
        router.post(Route.PUBLISH_BATCH.pattern())
                .handler(Exchange.reads(body, Route.PUBLISH_BATCH))
                .handler(this::publishBatch);
    }

    private void publish(RoutingContext context) {
        Caller caller = Exchange.caller(context);
        byte[] text = Exchange.body(context);
        boolean isCloudEvent = Exchange.mediaType(context).equals(ContentType.CLOUD_EVENT);
        Exchange.read(
                context,
                () -> isCloudEvent ? cloudReader.read(caller, text) : reader.read(caller, text),
                draft -> publish(context, draft));
    }

    private void publish(RoutingContext context, Draft read) {
        limits.require(Exchange.caller(context), read.channel());
        Draft draft = IdempotencyKey.apply(idempotencyKey(context), read);
        Exchange.answer(context, publisher.publish(draft), accepted -> created(context, draft, accepted));
    }

    private void publishBatch(RoutingContext context) {
        Caller caller = Exchange.caller(context);
        byte[] text = Exchange.body(context);
        boolean isCloudEvents = Exchange.mediaType(context).equals(ContentType.CLOUD_EVENT_BATCH);
        List<Supplier<Draft>> events =
                isCloudEvents ? cloudReader.readBatch(caller, text) : reader.readBatch(caller, text);
        Exchange.answer(
                context,
                batchPublisher.publish(limited(caller, events), idempotencyKey(context)),
                results -> end(context.response(), json(results)));
    }

    private List<Uni<Draft>> limited(Caller caller, List<Supplier<Draft>> events) {
        return events.stream()
                .map(event -> caller.decide(event).invoke(draft -> limits.require(caller, draft.channel())))
                .toList();
    }

    private static void created(RoutingContext context, Draft draft, Accepted accepted) {
        HttpServerResponse response = context.response();
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

    /** Null if there is none. */
    private static String idempotencyKey(RoutingContext context) {
        return IdempotencyKey.read(context.request().headers().getAll(IdempotencyKey.HEADER));
    }
}
