package dev.heliograph.document.http;

import dev.heliograph.document.DocumentReads.Found;
import dev.heliograph.document.Documents;
import dev.heliograph.document.Documents.Written;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.http.EntityTag;
import dev.heliograph.http.Freshness;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.log.Document;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/** Documents, and what became of changes, as HTTP answers. */
final class DocumentAnswers {
    /** RFC 9211. */
    private static final String CACHE_STATUS = "Cache-Status";

    private static final String CACHED = "heliograph; hit";
    private static final String CACHED_STALE = "heliograph; hit; ttl=-1";
    private static final String FROM_LOG = "heliograph; fwd=miss";
    private static final String MERGED = "Document-Merged";
    private static final String REPLAYED = "Idempotent-Replayed";

    private DocumentAnswers() {}

    /**
     * Answers who reads.
     *
     * @param since {@code If-Modified-Since}; null if it was not sent
     * @throws dev.heliograph.problem.ProblemException {@code no-document}
     */
    static void read(
            RoutingContext context,
            Namespace namespace,
            Channel channel,
            Found found,
            IfNoneMatch known,
            String since) {
        Document document = found.document().orElseThrow(() -> Documents.noDocument(channel));
        Instant now = Instant.now();
        // A date beside entity tags counts as not sent (RFC 9110, section 13.1.3).
        boolean isKnown = known.isEmpty()
                ? LastModified.isBefore(since, document.modified(), now)
                : known.matches(document.version().cursor());
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaderNames.ETAG, EntityTag.of(document.version().cursor()))
                .putHeader(HttpHeaderNames.LAST_MODIFIED, LastModified.of(document.modified(), now))
                .putHeader(CACHE_STATUS, found.isCached() ? found.isStale() ? CACHED_STALE : CACHED : FROM_LOG);
        Freshness.mark(response::putHeader, namespace, found.isStale());
        if (isKnown) {
            response.setStatusCode(HttpResponseStatus.NOT_MODIFIED.code()).end();
        } else {
            end(context, document.json());
        }
    }

    static void changed(RoutingContext context, Written written) {
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaderNames.ETAG, EntityTag.of(written.version().cursor()));
        if (written.modified() != null) {
            response.putHeader(HttpHeaderNames.LAST_MODIFIED, LastModified.of(written.modified(), Instant.now()));
        }
        if (written.merged()) {
            response.putHeader(MERGED, "true");
        }
        if (written.repeated()) {
            response.putHeader(REPLAYED, "true");
        }
        if (written.json() == null) {
            response.setStatusCode(HttpResponseStatus.NO_CONTENT.code()).end();
            return;
        }
        if (!written.repeated()) {
            // What the answer has is what the address has, so its ETag is that of both (RFC 9110, sections 8.7 and
            // 9.3.4).
            // Relative, so that it is right behind a proxy that rewrites paths.
            String path = context.normalizedPath();
            response.putHeader(HttpHeaderNames.CONTENT_LOCATION, path.substring(path.lastIndexOf('/') + 1));
        }
        HttpResponseStatus status = written.created() ? HttpResponseStatus.CREATED : HttpResponseStatus.OK;
        response.setStatusCode(status.code());
        end(context, written.json());
    }

    private static void end(RoutingContext context, byte[] json) {
        context.response().putHeader(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        Exchange.end(context, Buffer.buffer(Unpooled.wrappedBuffer(json)));
    }
}
