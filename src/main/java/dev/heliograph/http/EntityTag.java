package dev.heliograph.http;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Strong entity tags (RFC 9110, section 8.8.3). */
public final class EntityTag {
    /** One tag and the separator to the next; section 5.6.1 allows empty elements. */
    private static final Pattern ELEMENT =
            Pattern.compile("[ \\t,]*(?:W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*)\"[ \\t]*(?=,|\\z)[ \\t,]*");

    /** The name of any compression; our own tags end with a digit or a full stop. */
    private static final Pattern SUFFIX = Pattern.compile("(?:--?|;)[a-z]+$");

    private EntityTag() {}

    /** @param cursor of the version's position; it needs no escaping */
    public static String of(String cursor) {
        return '"' + cursor + '"';
    }

    /**
     * Reads the tags that a client sends back. Removes the additions of compressing proxies: {@code W/} in front, and the
     * compression's name inside the quotes.
     *
     * @param expected the legal values of the header, for the refusal
     * @return without quotes, in the order in which they came
     * @throws ProblemException {@code invalid-request}
     */
    public static List<String> list(String header, String field, String expected) {
        // docs/decisions.md: `If-Match` takes weak tags
        var tags = new ArrayList<String>();
        Matcher element = ELEMENT.matcher(field);
        int end = 0;
        while (end < field.length()) {
            if (!element.region(end, field.length()).lookingAt()) {
                throw ProblemException.inField(ProblemType.INVALID_REQUEST, header, field, expected);
            }
            tags.add(SUFFIX.matcher(element.group(1)).replaceFirst(""));
            end = element.end();
        }
        return tags;
    }
}
