package dev.heliograph.document;

import dev.heliograph.document.DocumentReads.Found;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.http.EntityTag;
import dev.heliograph.http.Freshness;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.log.Document;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;

/** Documents, and what became of changes, as HTTP answers. */
final class DocumentAnswers {
    /** RFC 9211. */
    private static final String CACHE_STATUS = "Cache-Status";

    private static final String NEAR = "heliograph; hit";
    private static final String NEAR_STALE = "heliograph; hit; ttl=-1";
    private static final String FROM_LOG = "heliograph; fwd=miss";
    private static final String MERGED = "Document-Merged";
    private static final String REPLAYED = "Idempotent-Replayed";

    private DocumentAnswers() {}

    /**
     * @param since {@code If-Modified-Since}; null if it was not sent
     */
    static Response read(Namespace namespace, Channel channel, Found found, IfNoneMatch known, String since) {
        Document document = found.document().orElseThrow(() -> Documents.noDocument(channel));
        Instant now = Instant.now();
        // A date beside entity tags counts as not sent (RFC 9110, section 13.1.3).
        boolean isKnown = known.isEmpty()
                ? LastModified.isBefore(since, document.modified(), now)
                : known.matches(document.version().cursor());
        Response.ResponseBuilder answer =
                isKnown ? Response.notModified() : Response.ok(document.json(), MediaType.APPLICATION_JSON_TYPE);
        answer.header(HttpHeaders.ETAG, EntityTag.of(document.version().cursor()))
                .lastModified(LastModified.of(document.modified(), now))
                .header(CACHE_STATUS, found.isNear() ? found.isStale() ? NEAR_STALE : NEAR : FROM_LOG);
        return Freshness.mark(answer, namespace, found.isStale()).build();
    }

    static Response changed(Written written) {
        Response.ResponseBuilder answer = written.json() == null
                ? Response.noContent()
                : Response.status(written.created() ? Response.Status.CREATED : Response.Status.OK)
                        .entity(written.json())
                        .type(MediaType.APPLICATION_JSON_TYPE);
        answer.header(HttpHeaders.ETAG, EntityTag.of(written.version().cursor()));
        if (written.modified() != null) {
            answer.lastModified(LastModified.of(written.modified(), Instant.now()));
        }
        if (written.merged()) {
            answer.header(MERGED, true);
        }
        if (written.repeated()) {
            answer.header(REPLAYED, true);
        }
        return answer.build();
    }
}
