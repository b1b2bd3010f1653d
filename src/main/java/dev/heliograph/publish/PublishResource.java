package dev.heliograph.publish;

import dev.heliograph.log.Accepted;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;

/** Publishing over HTTP: one event or a batch, in the gateway's own form or as CloudEvents. See docs/protocol.md. */
@Path("/api/realtime/publish")
@Produces(MediaType.APPLICATION_JSON)
public class PublishResource {
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";
    private static final String REPLAYED_HEADER = "Idempotent-Replayed";

    private final Publisher publisher;
    private final BatchPublisher batchPublisher;

    PublishResource(Publisher publisher, BatchPublisher batchPublisher) {
        this.publisher = publisher;
        this.batchPublisher = batchPublisher;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> publish(byte[] body, @Context HttpHeaders headers) {
        return publishOne(EventReader.read(body), headers);
    }

    @POST
    @Consumes(CLOUD_EVENT)
    public Uni<Response> publishCloudEvent(byte[] body, @Context HttpHeaders headers) {
        return publishOne(CloudEventReader.draft(JsonText.object(body)), headers);
    }

    @POST
    @Path("/batch")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<BatchAnswer> publishBatch(byte[] body, @Context HttpHeaders headers) {
        return publishAll(JsonText.arrayIn("events", body), EventReader::draft, headers);
    }

    @POST
    @Path("/batch")
    @Consumes(CLOUD_EVENT_BATCH)
    public Uni<BatchAnswer> publishCloudEventBatch(byte[] body, @Context HttpHeaders headers) {
        return publishAll(JsonText.array(body), CloudEventReader::draft, headers);
    }

    private Uni<Response> publishOne(Draft draft, HttpHeaders headers) {
        String key = IdempotencyKey.in(headers);
        return publisher
                .publish(IdempotencyKey.apply(key, draft))
                .map(accepted -> created(PublishAnswer.Published.of(draft.channel(), accepted), accepted));
    }

    private Uni<BatchAnswer> publishAll(
            List<JsonObject> elements, Function<JsonObject, Draft> reader, HttpHeaders headers) {
        return batchPublisher
                .publish(elements, reader, IdempotencyKey.in(headers))
                .map(BatchAnswer::new);
    }

    private static Response created(PublishAnswer.Published answer, Accepted accepted) {
        Response.ResponseBuilder response =
                Response.status(Response.Status.CREATED).entity(answer);
        return accepted.repeated() ? response.header(REPLAYED_HEADER, true).build() : response.build();
    }

    /** @param results one for each element of the batch, in its order */
    public record BatchAnswer(List<PublishAnswer> results) {}
}
