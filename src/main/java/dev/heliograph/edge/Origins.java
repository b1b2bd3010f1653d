package dev.heliograph.edge;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.cors.CORSFilter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses requests and WebSocket handshakes of web pages of a foreign origin, and names the key that would allow the
 * origin. Quarkus' CORS filter comes next and writes the headers for allowed pages. Alone it would refuse without a body
 * and without {@code Vary}.
 */
@Singleton
final class Origins {
    // docs/decisions.md: Foreign origins are refused before Quarkus' CORS filter sees them
    private static final String ANY = "*";
    private static final String TRUSTED = "heliograph.origin-trusted";
    private static final CharSequence VARY = HttpHeaders.createOptimized("Vary");
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");

    private final List<String> allowed;
    private final List<Pattern> patterns;

    Origins(VertxHttpConfig config) {
        allowed = List.copyOf(config.cors().origins().orElse(List.of()));
        patterns = CORSFilter.parseAllowedOriginsRegex(config.cors().origins());
    }

    void register(@Observes Filters filters) {
        FilterOrder.ORIGINS.register(filters, this::check);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String origin = request.getHeader(HttpHeaderNames.ORIGIN);
        // Also without an Origin: a cache must not give that answer, without CORS headers, to a page.
        context.response().putHeader(VARY, ORIGIN);
        if (origin == null) {
            context.next();
        } else if (isAllowed(origin)) {
            context.put(TRUSTED, allowed.contains(origin) || isOwn(request, origin));
            context.next();
        } else if (isOwn(request, origin)) {
            context.put(TRUSTED, true);
            // Needs no headers of CORS. Quarkus' filter would decide again, with another result.
            request.headers().remove(HttpHeaderNames.ORIGIN);
            context.next();
        } else {
            HttpProblem.answer(
                    context,
                    Problem.inField(
                            ProblemType.ORIGIN_NOT_ALLOWED,
                            "Origin",
                            origin,
                            "the origin of this gateway, which is " + address(request)
                                    + " in this request, or one that quarkus.http.cors.origins lists"));
        }
    }

    /** Whether the request comes from a page of this gateway or of an origin that is allowed by name. */
    static boolean isTrusted(RoutingContext context) {
        return Boolean.TRUE.equals(context.get(TRUSTED));
    }

    private boolean isAnyAllowed() {
        return allowed.equals(List.of(ANY));
    }

    /** Where the request was sent to, as a proxy forwards it. */
    private static String address(HttpServerRequest request) {
        return request.scheme() + "://" + request.host();
    }

    private boolean isAllowed(String origin) {
        return allowed.contains(origin) || isAnyAllowed() || CORSFilter.isOriginAllowedByRegex(patterns, origin);
    }

    /** Whether the page comes from the address of this request (RFC 6454, section 5). */
    private static boolean isOwn(HttpServerRequest request, String origin) {
        if (request.host() == null) {
            return false;
        }
        String address = address(request);
        if (origin.equals(address)) {
            return true;
        }
        try {
            var page = URI.create(origin);
            var here = URI.create(address);
            boolean isOrigin = origin.equals(page.getScheme() + "://" + page.getRawAuthority());
            return isOrigin
                    && page.getRawUserInfo() == null
                    && here.getHost() != null
                    && here.getHost().equalsIgnoreCase(page.getHost())
                    && here.getScheme().equalsIgnoreCase(page.getScheme())
                    && port(here) == port(page);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
