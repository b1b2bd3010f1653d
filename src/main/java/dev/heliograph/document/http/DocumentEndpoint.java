package dev.heliograph.document.http;

import dev.heliograph.access.PublishLimits;
import dev.heliograph.document.Condition;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.document.DocumentReads;
import dev.heliograph.document.Documents;
import dev.heliograph.document.Documents.Write;
import dev.heliograph.document.Edit;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.ContentType;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
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
final class DocumentEndpoint {
    private static final String CHANNEL = "channel";

    private final Catalogue catalogue;
    private final DocumentReads reads;
    private final Documents documents;
    private final PublishLimits limits;
    private final BodyHandler body;
    private final BodyBudget budget;

    DocumentEndpoint(
            Catalogue catalogue,
            DocumentReads reads,
            Documents documents,
            DocumentConfig config,
            PublishLimits limits,
            BodyHandler body) {
        this.catalogue = catalogue;
        this.reads = reads;
        this.documents = documents;
        this.limits = limits;
        this.body = body;
        this.budget = new BodyBudget(config.maxWaitingBytes().asLongValue());
    }

    void register(@Observes Router router) {
        String path = Route.DOCUMENT.pattern();
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::read);
        router.put(path).handler(Exchange.reads(body, Route.DOCUMENT)).handler(this::replace);
        router.patch(path).handler(Exchange.reads(body, Route.DOCUMENT)).handler(this::patch);
        router.delete(path).handler(this::delete);
    }

    private void read(RoutingContext context) {
        Exchange.read(context, () -> request(context, Action.READ), asked -> read(context, asked));
    }

    private void read(RoutingContext context, DocumentRequest asked) {
        HttpServerRequest request = context.request();
        Channel channel = asked.toRead();
        Condition condition = asked.conditionOfReader();
        IfNoneMatch known = IfNoneMatch.parse(request.headers().getAll(IfNoneMatch.HEADER));
        String since = request.getHeader(HttpHeaderNames.IF_MODIFIED_SINCE);
        Exchange.answer(
                context,
                reads.read(channel, condition),
                found -> DocumentAnswers.read(context, catalogue.namespaceOf(channel), channel, found, known, since));
    }

    private void replace(RoutingContext context) {
        write(context, DocumentRequest::toReplace, Edit::replaceBy);
    }

    private void patch(RoutingContext context) {
        boolean isJsonPatch = Exchange.mediaType(context).equals(ContentType.JSON_PATCH);
        write(context, DocumentRequest::toPatch, isJsonPatch ? Edit::jsonPatch : Edit::mergePatch);
    }

    private void delete(RoutingContext context) {
        write(context, DocumentRequest::toDelete, none -> Edit.delete());
    }

    private void write(RoutingContext context, Function<DocumentRequest, Write> asked, Function<byte[], Edit> reader) {
        Exchange.read(
                context, () -> asked.apply(request(context, Action.WRITE)), write -> write(context, write, reader));
    }

    private void write(RoutingContext context, Write write, Function<byte[], Edit> reader) {
        byte[] text = Exchange.body(context);
        limits.require(Exchange.caller(context), write.channel());
        Exchange.answer(
                context,
                budget.hold(text.length, () -> documents.write(write, reader.apply(text))),
                written -> DocumentAnswers.changed(context, written));
    }

    private DocumentRequest request(RoutingContext context, Action action) {
        return DocumentRequest.of(
                catalogue, Exchange.caller(context), action, context.pathParam(CHANNEL), context.request());
    }
}
