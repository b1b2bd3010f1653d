package dev.heliograph.edge;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.http.route.Route;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds in a request that by which its client shows who it is. */
@Singleton
final class Credentials {
    private static final String BEARER = "Bearer ";
    /** More would not fit beside the other headers of a request (Vert.x reads 8 KiB of them). */
    private static final int MAX_CHARS = 7 * 1024;

    private static final String TICKET = "ticket";

    private static final String PROTOCOL = "heliograph";
    private static final String TOKEN_PROTOCOL = PROTOCOL + ".bearer.";

    /** RFC 6265, section 4.1.1. */
    private static final Pattern COOKIE_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    /** RFC 9110, section 9.2.1. */
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Null: none is looked at. */
    private final String cookie;

    /** @throws IllegalArgumentException if the cookie cannot have its configured name */
    Credentials(AccessConfig config) {
        this.cookie = config.cookie().orElse(null);
        if (cookie != null && !COOKIE_NAME.matcher(cookie).matches()) {
            throw new IllegalArgumentException("heliograph.access.cookie is \"" + cookie
                    + "\", expected the name of a cookie such as __Host-heliograph");
        }
    }

    /**
     * The one-time ticket of a request to a route that reads {@code ?ticket=}: event streams and handshakes of WebSockets.
     *
     * @return null if there is none
     * @throws ProblemException {@code invalid-request} if there are two, or a header beside it
     */
    String ticketOf(RoutingContext context) {
        HttpServerRequest request = context.request();
        Route route = Route.of(context.normalizedPath());
        if (route != Route.SSE && route != Route.WS || request.method() == HttpMethod.OPTIONS) {
            return null;
        }
        List<String> tickets = request.params(true).getAll(TICKET);
        if (tickets.isEmpty()) {
            return null;
        }
        // The values are secrets, so the answer shows none.
        if (tickets.size() > 1) {
            throw refused("there are " + tickets.size() + " parameters ticket, expected one");
        }
        if (request.headers().contains(HttpHeaderNames.AUTHORIZATION)) {
            throw refused("there are a ticket and a header Authorization, expected one of them");
        }
        if (of(context) != null) {
            throw refused("there are a ticket and another token, expected one of them");
        }
        return tickets.get(0);
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(new Problem(ProblemType.INVALID_REQUEST, detail, TICKET, null));
    }

    /**
     * The token or API key of a request: in {@code Authorization}, in a WebSocket's subprotocol, or in the cookie.
     *
     * @return null if there is none
     * @throws ProblemException {@code invalid-request} if there are two, {@code invalid-token} if it is of another scheme,
     *     {@code origin-not-allowed} if it is in the cookie alone, and a foreign page may have caused the request
     */
    String of(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean isSocket = Route.of(context.normalizedPath()) == Route.WS;
        var ways = new LinkedHashMap<String, String>(2);
        put(ways, "Authorization", ofAuthorization(request));
        put(ways, "Sec-WebSocket-Protocol", isSocket ? ofSubprotocol(request) : null);
        put(ways, "Cookie", cookie == null ? null : ofCookie(request));
        if (ways.isEmpty()) {
            return null;
        }
        if (Set.copyOf(ways.values()).size() > 1) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "there are different tokens in " + String.join(" and ", ways.keySet()) + ", expected one");
        }
        if (ways.keySet().equals(Set.of("Cookie"))) {
            requireOwnPage(context, isSocket);
        }
        return ways.values().iterator().next();
    }

    private static void put(Map<String, String> ways, String name, String credential) {
        if (credential == null) {
            return;
        }
        if (credential.length() > MAX_CHARS) {
            throw ProblemException.of(
                    ProblemType.INVALID_TOKEN,
                    "the token has " + credential.length() + " characters, expected at most " + MAX_CHARS);
        }
        ways.put(name, credential);
    }

    private static String ofAuthorization(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        if (headers.isEmpty()) {
            return null;
        }
        if (headers.size() > 1) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "there are " + headers.size() + " headers Authorization, expected one");
        }
        String header = headers.get(0);
        // RFC 9110, section 11.1: the scheme's case does not matter.
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw ProblemException.of(
                    ProblemType.INVALID_TOKEN,
                    "Authorization is of another scheme, expected Bearer and a token or API key");
        }
        return header.substring(BEARER.length()).strip();
    }

    /** Browsers fail a WebSocket whose subprotocols are all declined, and the token must not be the one that is chosen. */
    private static String ofSubprotocol(HttpServerRequest request) {
        List<String> offered = Sockets.subprotocols(request);
        List<String> tokens = offered.stream()
                .filter(name -> name.startsWith(TOKEN_PROTOCOL))
                .map(name -> name.substring(TOKEN_PROTOCOL.length()))
                .toList();
        if (tokens.isEmpty()) {
            return null;
        }
        if (tokens.size() > 1 || !offered.contains(PROTOCOL)) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "Sec-WebSocket-Protocol has " + tokens.size() + " tokens"
                            + (offered.contains(PROTOCOL) ? "" : " alone")
                            + ", expected heliograph and one heliograph.bearer.<token>");
        }
        return tokens.get(0);
    }

    private String ofCookie(HttpServerRequest request) {
        List<String> values = request.headers().getAll(HttpHeaderNames.COOKIE).stream()
                .flatMap(header -> ServerCookieDecoder.LAX.decodeAll(header).stream())
                .filter(one -> one.name().equals(cookie) && !one.value().isEmpty())
                .map(Cookie::value)
                .toList();
        if (values.size() > 1) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "there are " + values.size() + " cookies " + cookie + ", expected one");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Browsers send the cookie along with whatever a foreign page has them ask for. */
    private void requireOwnPage(RoutingContext context, boolean isSocket) {
        // docs/decisions.md: A cookie counts only if no foreign page can have caused the request
        HttpServerRequest request = context.request();
        String origin = request.getHeader(HttpHeaderNames.ORIGIN);
        String site = request.getHeader(FETCH_SITE);
        boolean readsOnly = SAFE.contains(request.method()) && !isSocket && origin == null;
        if (Origins.isTrusted(context)
                || "same-origin".equals(site)
                || readsOnly && (site == null || "none".equals(site))) {
            return;
        }
        throw ProblemException.of(
                ProblemType.ORIGIN_NOT_ALLOWED,
                "the token is in the cookie " + cookie + " alone, expected also an Origin of this gateway or one that"
                        + " quarkus.http.cors.origins names, or Sec-Fetch-Site: same-origin; or the token in Authorization");
    }
}
