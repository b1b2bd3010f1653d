package dev.heliograph.edge;

import dev.heliograph.http.route.Route;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpUtils;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Labels the metrics of HTTP by the closed set of routes and methods, so that no client can create series. Everything else
 * has one label. Any thread may call.
 */
@Singleton
final class RequestLabels implements HttpServerMetricsTagsContributor, MeterFilter {
    // docs/decisions.md: Metrics know routes and methods, and have one label for all others
    /** The word of OpenTelemetry's semantic conventions for {@code http.request.method}. */
    static final String OTHER = "_OTHER";

    private static final String METERS = "http.server.";
    private static final String METHOD = "method";
    private static final String URI = "uri";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** For answers: Quarkus knows no path of requests that were refused before their route, or were not modified. */
    @Override
    public Tags contribute(Context context) {
        HttpServerRequest request = context.request();
        return Tags.of(METHOD, method(request.method().name()), URI, uri(request.path()));
    }

    /** For requests without an answer: those that were cut off, and WebSockets. */
    @Override
    public Meter.Id map(Meter.Id id) {
        String method = id.getTag(METHOD);
        String uri = id.getTag(URI);
        if (uri == null || !id.getName().startsWith(METERS)) {
            return id;
        }
        Tags closed = Tags.of(id.getTags()).and(URI, uri(uri));
        return id.replaceTags(method == null ? closed : closed.and(METHOD, method(method)));
    }

    private static String method(String name) {
        return METHODS.contains(name) ? name : OTHER;
    }

    /** The route of a path. The result for a template is the template itself. */
    private static String uri(String path) {
        Route route = null;
        try {
            route = path == null ? null : Route.of(HttpUtils.normalizePath(path));
        } catch (IllegalArgumentException malformed) {
            // No route: Vert.x refuses it for the same reason.
        }
        return route == null ? OTHER : route.path();
    }
}
