package dev.heliograph.document.http;

import dev.heliograph.document.DocumentReads;
import dev.heliograph.document.Documents;
import dev.heliograph.document.Edit;
import dev.heliograph.document.JsonPatch;
import dev.heliograph.document.MergePatch;
import dev.heliograph.document.Write;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.ContentType;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** {@code /api/realtime/documents/{channel}}: reads and changes documents. See docs/protocol.md. */
@Singleton
public final class DocumentEndpoint {
    /** RFC 5789, section 3.1. */
    public static final String ACCEPT_PATCH = "Accept-Patch";

    public static final String PATCH_TYPES = MergePatch.MEDIA_TYPE + ", " + JsonPatch.MEDIA_TYPE;

    private static final String CHANNEL = "channel";
    private static final String PATH = "/api/realtime/documents/:" + CHANNEL;
    private static final String JSON = "application/json";

    private final Catalogue catalogue;
    private final DocumentReads reads;
    private final Documents documents;
    private final BodyHandler body;

    DocumentEndpoint(Catalogue catalogue, DocumentReads reads, Documents documents, BodyHandler body) {
        this.catalogue = catalogue;
        this.reads = reads;
        this.documents = documents;
        this.body = body;
    }

    void register(@Observes Router router) {
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::read);
        router.put(PATH).handler(body).handler(context -> change(context, DocumentEndpoint::replacement));
        router.patch(PATH).handler(body).handler(context -> change(context, DocumentEndpoint::patch));
        router.delete(PATH).handler(this::delete);
    }

    private void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        Channel channel = request(context).toRead();
        IfNoneMatch known = IfNoneMatch.parse(request.headers().getAll(IfNoneMatch.HEADER));
        String since = request.getHeader(HttpHeaderNames.IF_MODIFIED_SINCE);
        reads.read(channel)
                .invoke(found -> DocumentAnswers.read(
                        context.response(), catalogue.namespaceOf(channel), channel, found, known, since))
                .subscribe()
                .with(answered -> {}, context::fail);
    }

    private void change(RoutingContext context, Function<RoutingContext, Edit> edit) {
        write(context, request(context).toReplaceOrPatch(), edit.apply(context));
    }

    private void delete(RoutingContext context) {
        write(context, request(context).toDelete(), Edit.delete());
    }

    private void write(RoutingContext context, Write write, Edit edit) {
        documents
                .write(write, edit)
                .invoke(written -> DocumentAnswers.changed(context.response(), written))
                .subscribe()
                .with(answered -> {}, context::fail);
    }

    private DocumentRequest request(RoutingContext context) {
        return DocumentRequest.of(catalogue, context.pathParam(CHANNEL), context.request());
    }

    private static Edit replacement(RoutingContext context) {
        String type = mediaType(context);
        // RFC 9110, section 8.3: where none is told we may take it for what we want.
        if (!type.equals(JSON) && !type.isEmpty()) {
            throw unsupported(context, JSON);
        }
        return Edit.replaceBy(text(context));
    }

    private static Edit patch(RoutingContext context) {
        return switch (mediaType(context)) {
            case MergePatch.MEDIA_TYPE -> MergePatch.read(text(context));
            case JsonPatch.MEDIA_TYPE -> JsonPatch.read(text(context));
            default -> {
                context.response().putHeader(ACCEPT_PATCH, PATCH_TYPES);
                throw unsupported(context, "one of " + PATCH_TYPES);
            }
        };
    }

    private static String mediaType(RoutingContext context) {
        return ContentType.essence(context.request().getHeader(HttpHeaderNames.CONTENT_TYPE));
    }

    private static byte[] text(RoutingContext context) {
        return context.body().isEmpty() ? new byte[0] : context.body().buffer().getBytes();
    }

    private static ProblemException unsupported(RoutingContext context, String expected) {
        return ProblemException.inField(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type",
                context.request().getHeader(HttpHeaderNames.CONTENT_TYPE),
                expected);
    }
}
