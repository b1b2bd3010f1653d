package dev.heliograph.edge;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Finds in a request that by which its client shows who it is. */
final class Credentials {
    private static final String BEARER = "Bearer ";
    /** More would not fit beside the other headers of a request (Vert.x reads 8 KiB of them). */
    private static final int MAX_CHARS = 7 * 1024;

    private Credentials() {}

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
