package dev.heliograph.http;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Locale;

/** The {@code Content-Type} of a request (RFC 9110, section 8.3). */
public final class ContentType {
    public static final String HEADER = "Content-Type";

    public static final String JSON = "application/json";
    /** RFC 7396. */
    public static final String MERGE_PATCH = "application/merge-patch+json";
    /** RFC 6902. */
    public static final String JSON_PATCH = "application/json-patch+json";
    /** One event, and several, in the JSON format of CloudEvents 1.0. */
    public static final String CLOUD_EVENT = "application/cloudevents+json";

    public static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";

    private ContentType() {}

    /**
     * The media type alone, without parameters and in lower case.
     *
     * @param field the header's value; null if there is none
     * @return empty if there is none
     */
    public static String essence(String field) {
        if (field == null) {
            return "";
        }
        int end = field.indexOf(';');
        return (end < 0 ? field : field.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * {@code unsupported-media-type}.
     *
     * @param field the header's value; null if there is none
     */
    public static ProblemException unsupported(String field, String expected) {
        return ProblemException.inField(ProblemType.UNSUPPORTED_MEDIA_TYPE, HEADER, field, expected);
    }
}
