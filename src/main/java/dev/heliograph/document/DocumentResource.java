package dev.heliograph.document;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Locale;

/** Documents over HTTP. See docs/protocol.md. */
@Path("/api/realtime/documents/{channel}")
@Produces(MediaType.APPLICATION_JSON)
public class DocumentResource {
    /** RFC 5789, section 3.1. */
    public static final String ACCEPT_PATCH = "Accept-Patch";

    public static final String PATCH_TYPES = MergePatch.MEDIA_TYPE + ", " + JsonPatch.MEDIA_TYPE;

    private final Catalogue catalogue;
    private final DocumentReads reads;
    private final Documents documents;

    DocumentResource(Catalogue catalogue, DocumentReads reads, Documents documents) {
        this.catalogue = catalogue;
        this.reads = reads;
        this.documents = documents;
    }

    /** Answers {@code HEAD} too. */
    @GET
    public Uni<Response> read(
            @PathParam("channel") String written, @Context UriInfo address, @Context HttpHeaders headers) {
        Channel channel = request(written, address, headers).toRead();
        IfNoneMatch known = IfNoneMatch.of(headers);
        String since = headers.getHeaderString(HttpHeaders.IF_MODIFIED_SINCE);
        return reads.read(channel)
                .map(found -> DocumentAnswers.read(catalogue.namespaceOf(channel), channel, found, known, since));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> put(
            @PathParam("channel") String written, @Context UriInfo address, @Context HttpHeaders headers, byte[] body) {
        Write write = request(written, address, headers).toReplaceOrPatch();
        return documents.write(write, Edit.replaceBy(DocumentJson.object(body))).map(DocumentAnswers::changed);
    }

    /** Takes every media type, since those of patches that it refuses are to be told which it reads. */
    @PATCH
    public Uni<Response> patch(
            @PathParam("channel") String written, @Context UriInfo address, @Context HttpHeaders headers, byte[] body) {
        Write write = request(written, address, headers).toReplaceOrPatch();
        return switch (mediaType(headers)) {
            case MergePatch.MEDIA_TYPE ->
                documents.write(write, MergePatch.read(body)).map(DocumentAnswers::changed);
            case JsonPatch.MEDIA_TYPE ->
                documents.write(write, JsonPatch.read(body)).map(DocumentAnswers::changed);
            default -> Uni.createFrom().item(unsupported(mediaType(headers)));
        };
    }

    @DELETE
    public Uni<Response> delete(
            @PathParam("channel") String written, @Context UriInfo address, @Context HttpHeaders headers) {
        Write write = request(written, address, headers).toDelete();
        return documents.write(write, Edit.delete()).map(DocumentAnswers::changed);
    }

    private DocumentRequest request(String channel, UriInfo address, HttpHeaders headers) {
        return DocumentRequest.of(catalogue, channel, address.getQueryParameters(), headers);
    }

    /** Without parameters; empty if there is none. */
    private static String mediaType(HttpHeaders headers) {
        MediaType type = headers.getMediaType();
        return type == null ? "" : (type.getType() + '/' + type.getSubtype()).toLowerCase(Locale.ROOT);
    }

    private static Response unsupported(String mediaType) {
        Problem problem = Problem.inField(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                HttpHeaders.CONTENT_TYPE,
                mediaType.isEmpty() ? null : mediaType,
                "one of " + PATCH_TYPES);
        return ProblemMapper.answer(problem).header(ACCEPT_PATCH, PATCH_TYPES).build();
    }
}
