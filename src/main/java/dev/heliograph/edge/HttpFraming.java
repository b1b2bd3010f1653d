package dev.heliograph.edge;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The end of an HTTP/1.x request, and of its connection, by the request's head (RFC 9112, sections 6 and 9). Netty refuses
 * most wrong heads by itself. It would read the others as a request without a body, and the body as the next request.
 *
 * @param isHttp10 whether the request is of HTTP/1.0 or older
 * @param connection values of the header {@code Connection}
 * @param transferEncoding values of the header {@code Transfer-Encoding}
 */
record HttpFraming(boolean isHttp10, List<String> connection, List<String> transferEncoding) {
    private static final String TRANSFER_ENCODING = "Transfer-Encoding";
    private static final String CHUNKED = "chunked";

    /** The reason why the request cannot be read; empty if it can. With a reason, the connection must be closed. */
    Optional<Problem> refusal() {
        if (transferEncoding.isEmpty()) {
            return Optional.empty();
        }
        List<String> codings = elements(transferEncoding);
        int last = codings.size() - 1;
        if (isHttp10 || codings.indexOf(CHUNKED) != last || last < 0) {
            return Optional.of(Problem.inField(
                    ProblemType.INVALID_REQUEST,
                    TRANSFER_ENCODING,
                    String.join(", ", transferEncoding),
                    "chunked, once, as the last coding of a request of HTTP/1.1 (RFC 9112, section 6)"));
        }
        return last == 0
                ? Optional.empty()
                : Optional.of(Problem.inField(
                        ProblemType.UNSUPPORTED_TRANSFER_CODING,
                        TRANSFER_ENCODING,
                        String.join(", ", transferEncoding),
                        "chunked alone"));
    }

    /** Whether this is the last request of its connection (RFC 9112, section 9.6). */
    boolean endsConnection() {
        List<String> options = elements(connection);
        return options.contains("close")
                || (isHttp10 && !options.contains("keep-alive"))
                || refusal().isPresent();
    }

    /** The elements of a list, in lower case; empty ones do not count (RFC 9110, section 5.6.1.2). */
    private static List<String> elements(List<String> values) {
        var elements = new ArrayList<String>();
        for (String value : values) {
            for (String element : value.split(",")) {
                if (!element.isBlank()) {
                    elements.add(element.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return elements;
    }
}
