package dev.heliograph.http;

import dev.heliograph.problem.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/**
 * The entity tags that a client has (RFC 9110, section 13.1.2). They are compared weakly, and without the suffixes of
 * compressing proxies.
 *
 * @param isAny whether it is {@code *}, which matches any version
 * @param tags without quotes, prefixes and suffixes, in the order in which they came
 */
public record IfNoneMatch(boolean isAny, List<String> tags) {
    public static final String HEADER = "If-None-Match";

    public IfNoneMatch {
        tags = List.copyOf(tags);
    }

    /**
     * @param fields the values of all header fields of that name; none: no tags
     * @throws ProblemException {@code invalid-request}
     */
    public static IfNoneMatch parse(List<String> fields) {
        String field = String.join(",", fields).strip();
        if (field.equals("*")) {
            return new IfNoneMatch(true, List.of());
        }
        return new IfNoneMatch(
                false, EntityTag.list(HEADER, field, "* or entity tags in double quotes, parted by commas"));
    }

    /**
     * @return no tags if the header was not sent
     * @throws ProblemException {@code invalid-request}
     */
    public static IfNoneMatch of(HttpHeaders headers) {
        List<String> fields = headers.getRequestHeader(HEADER);
        return parse(fields == null ? List.of() : fields);
    }

    /** Whether the client sent none, so that other conditions count. */
    public boolean isEmpty() {
        return !isAny && tags.isEmpty();
    }

    /** Whether the client has the version with this tag. */
    public boolean matches(String tag) {
        return isAny || tags.contains(tag);
    }
}
