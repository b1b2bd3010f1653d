package dev.heliograph.http;

import dev.heliograph.event.Action;
import dev.heliograph.event.Namespace;
import java.util.function.BiConsumer;

/** Writes into an answer how long caches may keep it. */
public final class Freshness {
    private static final String CACHE_CONTROL = "Cache-Control";

    /** RFC 7234, section 5.5.1; obsolete, but clients still read it. */
    private static final String WARNING = "Warning";

    private static final String IS_STALE = "110 heliograph \"Response is Stale\"";

    private Freshness() {}

    /**
     * Marks an answer.
     *
     * @param header takes a header's name and value
     * @param isStale whether it may be out of date already: then no cache may keep it, and the client gets a warning
     */
    public static void mark(BiConsumer<String, String> header, Namespace namespace, boolean isStale) {
        header.accept(CACHE_CONTROL, isStale ? "no-store" : cacheControl(namespace));
        if (isStale) {
            header.accept(WARNING, IS_STALE);
        }
    }

    private static String cacheControl(Namespace namespace) {
        long seconds = namespace.cacheProfile().ttl().toSeconds();
        return (namespace.isPublic(Action.READ) ? "public" : "private") + ", max-age=" + seconds
                + ", stale-while-revalidate=" + seconds;
    }
}
