package dev.heliograph.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One failure as data: an RFC 9457 problem with the extension members of this gateway. The same object travels as an {@code
 * application/problem+json} body and inside WebSocket frames.
 *
 * @param type the kind of failure
 * @param detail the details of this case, for people; never parsed
 * @param field name of the offending member, header or parameter; null when no single one is at fault
 * @param retryAfter how long to wait before the same request; null when unknown
 * @param hints further members of the JSON form, as Jackson writes them; none unless the type says so
 */
public record Problem(ProblemType type, String detail, String field, Duration retryAfter, Map<String, Object> hints) {
    /** Media type of a problem as an HTTP body (RFC 9457, section 3). */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Without it caches may keep a 404, 405 or 414 for any time (RFC 9111, section 4.2.2). */
    public static final String CACHE_CONTROL = "no-store";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE_PREFIX = "urn:heliograph:problem:";
    private static final int SHOWN_VALUE_CHARS = 80;
    private static final int UNAUTHORIZED = 401;

    public Problem {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(detail, "detail");
        hints = Collections.unmodifiableMap(new LinkedHashMap<>(hints));
    }

    public Problem(ProblemType type, String detail, String field, Duration retryAfter) {
        this(type, detail, field, retryAfter, Map.of());
    }

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, null, null);
    }

    /**
     * A problem with one named member of the input.
     *
     * @param value the value in the request; shortened before it is shown, may be null
     * @param expected the legal values, after the word "expected"
     */
    public static Problem inField(ProblemType type, String field, Object value, String expected) {
        return new Problem(type, field + " is " + shown(value) + ", expected " + expected, field, null);
    }

    /** @param fault what is wrong with the field, whatever its value, e.g. {@code unknown} */
    public static Problem atFault(ProblemType type, String field, String fault, String expected) {
        return new Problem(type, field + " is " + fault + ", expected " + expected, field, null);
    }

    public Problem retryAfter(Duration wait) {
        return new Problem(type, detail, field, wait, hints);
    }

    /** @param members in the order in which they are written; values may be null */
    public Problem hints(Map<String, Object> members) {
        return new Problem(type, detail, field, retryAfter, members);
    }

    /** The same problem found inside a larger input, e.g. {@code events[3]}. */
    public Problem within(String container) {
        return new Problem(type, detail, field == null ? container : container + "." + field, retryAfter, hints);
    }

    /** The members of the JSON form, in the order in which they are written. */
    public Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", TYPE_PREFIX + type.slug());
        members.put("title", type.title());
        members.put("status", type.status());
        members.put("detail", detail);
        if (field != null) {
            members.put("field", field);
        }
        members.put("severity", type.severity().name().toLowerCase(Locale.ROOT));
        members.put("category", type.category().name().toLowerCase(Locale.ROOT));
        members.put("retryable", type.isRetryable());
        if (retryAfter != null) {
            members.put("retryAfter", retryAfterSeconds());
        }
        members.putAll(hints);
        return members;
    }

    /** The JSON form. */
    public String json() {
        try {
            return JSON.writeValueAsString(members());
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The value of {@code WWW-Authenticate}, without which no 401 may be (RFC 6750, section 3). */
    public Optional<String> challenge() {
        if (type.status() != UNAUTHORIZED) {
            return Optional.empty();
        }
        return Optional.of(type == ProblemType.UNAUTHENTICATED ? "Bearer" : "Bearer error=\"invalid_token\"");
    }

    /** Whole seconds for {@code Retry-After} (RFC 9110, section 10.2.3), rounded up; only with a {@link #retryAfter}. */
    public long retryAfterSeconds() {
        return Math.max(0, (retryAfter.toNanos() + 999_999_999) / 1_000_000_000);
    }

    private static String shown(Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value.toString();
        String cut = text.length() <= SHOWN_VALUE_CHARS ? text : text.substring(0, SHOWN_VALUE_CHARS) + "...";
        return value instanceof Number || value instanceof Boolean ? cut : '"' + cut + '"';
    }
}
