package dev.heliograph.http;

import dev.heliograph.event.Namespace;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.ResponseBuilder;

/** Says on an answer how long caches may keep it. */
public final class Freshness {
    /** RFC 7234, section 5.5.1; obsolete, and still what clients look for. */
    private static final String WARNING = "Warning";

    private static final String IS_STALE = "110 heliograph \"Response is Stale\"";

    private Freshness() {}

    /** @param isStale whether it may be out of date already: then nobody is to keep it, and the client is warned */
    public static ResponseBuilder mark(ResponseBuilder answer, Namespace namespace, boolean isStale) {
        return isStale
                ? answer.header(HttpHeaders.CACHE_CONTROL, "no-store").header(WARNING, IS_STALE)
                : answer.header(HttpHeaders.CACHE_CONTROL, cacheControl(namespace));
    }

    private static String cacheControl(Namespace namespace) {
        long seconds = namespace.cacheProfile().ttl().toSeconds();
        return (namespace.requiresAuth() ? "private" : "public") + ", max-age=" + seconds + ", stale-while-revalidate="
                + seconds;
    }
}
