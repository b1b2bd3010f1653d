package dev.heliograph.http.route;

import dev.heliograph.http.ContentType;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every address below {@code /api/realtime}: its path, the methods that it understands, the media types of their bodies, and
 * the rate limit that its requests count against. Routes, {@code Allow}, {@code Accept-Patch}, limits and the labels of metrics
 * read it.
 */
public enum Route {
    PUBLISH("publish", Limit.PUBLISH, HttpMethod.POST),
    PUBLISH_BATCH("publish/batch", Limit.PUBLISH, HttpMethod.POST),
    WS(Path.WS, Limit.CONNECT, HttpMethod.GET),
    SSE("sse", Limit.CONNECT, HttpMethod.GET, HttpMethod.HEAD),
    POLL("poll", Limit.POLL, HttpMethod.GET, HttpMethod.HEAD),
    EVENTS(Path.EVENTS, Limit.POLL, HttpMethod.GET, HttpMethod.HEAD),
    LATEST(Path.LATEST, Limit.POLL, HttpMethod.GET, HttpMethod.HEAD),
    DOCUMENT(
            "documents/{channel}",
            Limit.POLL,
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE),
    SESSION_REFRESH("sessions/{id}/refresh", Limit.POLL, HttpMethod.POST),
    CACHE("cache", Limit.POLL, HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE),
    CACHE_INVALIDATE("cache/invalidate", Limit.POLL, HttpMethod.POST),
    /** After {@code CACHE_INVALIDATE}, because it would match that path. */
    CACHE_KEY("cache/{key}", Limit.POLL, HttpMethod.DELETE),
    TICKETS(Path.TICKETS, Limit.POLL, HttpMethod.POST),
    REVOCATIONS(Path.REVOCATIONS, Limit.POLL, HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.DELETE);

    /** The limit that a client's requests count against, see docs/protocol.md. */
    public enum Limit {
        PUBLISH,
        POLL,
        CONNECT
    }

    /** Paths for annotations, which need constants. */
    public static final class Path {
        public static final String WS = Route.ROOT + "ws";
        public static final String EVENTS = Route.ROOT + "channels/{channel}/events";
        public static final String LATEST = Route.ROOT + "channels/{channel}/latest";
        public static final String TICKETS = Route.ROOT + "tickets";
        public static final String REVOCATIONS = Route.ROOT + "revocations";

        private Path() {}
    }

    /** All routes begin with it. */
    public static final String ROOT = "/api/realtime/";

    /** RFC 9110, section 9.2.1. */
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private static final Map<String, Route> FIXED = Stream.of(values())
            .filter(route -> !route.isTemplate())
            .collect(Collectors.toUnmodifiableMap(Route::path, route -> route));
    private static final List<Route> TEMPLATES =
            Stream.of(values()).filter(Route::isTemplate).toList();

    private final String path;
    /** The path before and after the parameter; the whole path if there is no parameter. */
    private final String prefix;

    private final String suffix;
    private final Limit limit;
    private final List<HttpMethod> methods;

    Route(String path, Limit limit, HttpMethod... methods) {
        this.path = path.startsWith(ROOT) ? path : ROOT + path;
        this.prefix = this.path.replaceFirst("\\{.*", "");
        this.suffix = this.path.substring(this.path.indexOf('}') + 1);
        this.limit = limit;
        this.methods =
                Stream.concat(Stream.of(methods), Stream.of(HttpMethod.OPTIONS)).toList();
    }

    /**
     * Finds the route of a path.
     *
     * @param path normalized; with one slash too many it is another path
     * @return null if there is none
     */
    public static Route of(String path) {
        Route fixed = FIXED.get(path);
        if (fixed != null || !path.startsWith(ROOT)) {
            return fixed;
        }
        for (Route route : TEMPLATES) {
            if (route.matches(path)) {
                return route;
            }
        }
        return null;
    }

    /** The path, with its parameter in braces if it has one. */
    public String path() {
        return path;
    }

    /** The path as Vert.x writes it, with a colon before its parameter. */
    public String pattern() {
        return path.replace('{', ':').replace("}", "");
    }

    /** The methods that it understands, {@code OPTIONS} last. */
    public List<HttpMethod> methods() {
        return methods;
    }

    /** The media types that a request's body may have, in the order in which they are told; empty if it has no body. */
    public List<String> contentTypes(HttpMethod method) {
        if (method.equals(HttpMethod.PATCH)) {
            return List.of(ContentType.MERGE_PATCH, ContentType.JSON_PATCH);
        }
        if (!method.equals(HttpMethod.POST) && !method.equals(HttpMethod.PUT)) {
            return List.of();
        }
        return switch (this) {
            case PUBLISH -> List.of(ContentType.JSON, ContentType.CLOUD_EVENT);
            case PUBLISH_BATCH -> List.of(ContentType.JSON, ContentType.CLOUD_EVENT_BATCH);
            case TICKETS, SESSION_REFRESH -> List.of();
            default -> List.of(ContentType.JSON);
        };
    }

    /** The limit that a request counts against. A change of a document counts as a publish. */
    public Limit limit(HttpMethod method) {
        return this == DOCUMENT && !SAFE.contains(method) ? Limit.PUBLISH : limit;
    }

    private boolean isTemplate() {
        return path.indexOf('{') >= 0;
    }

    private boolean matches(String written) {
        int end = written.length() - suffix.length();
        if (end <= prefix.length() || !written.startsWith(prefix) || !written.endsWith(suffix)) {
            return false;
        }
        int slash = written.indexOf('/', prefix.length());
        return slash < 0 ? suffix.isEmpty() : slash == end;
    }
}
