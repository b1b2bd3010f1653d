package dev.heliograph.edge;

import dev.heliograph.http.route.Route;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Finds in a request that by which its client shows who it is. */
final class Credentials {
    private static final String BEARER = "Bearer ";
    /** More would not fit beside the other headers of a request (Vert.x reads 8 KiB of them). */
    private static final int MAX_CHARS = 7 * 1024;

    private static final String TICKET = "ticket";

    private Credentials() {}

    /**
     * The one-time ticket of a request to a route that reads {@code ?ticket=}: event streams and handshakes of WebSockets.
     *
     * @return null if there is none
     * @throws ProblemException {@code invalid-request} if there are two, or a header beside it
     */
    static String ticketOf(HttpServerRequest request, Route route) {
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
        return tickets.get(0);
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(new Problem(ProblemType.INVALID_REQUEST, detail, TICKET, null));
    }

    /**
     * @return null if there is none
     * @throws ProblemException {@code invalid-request} if there are two, {@code invalid-token} if it is of another scheme
     */
    static String of(HttpServerRequest request) {
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
        String credential = header.substring(BEARER.length()).strip();
        if (credential.length() > MAX_CHARS) {
            throw ProblemException.of(
                    ProblemType.INVALID_TOKEN,
                    "the token has " + credential.length() + " characters, expected at most " + MAX_CHARS);
        }
        return credential;
    }
}
