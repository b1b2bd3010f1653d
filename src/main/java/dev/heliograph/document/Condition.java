package dev.heliograph.document;

import dev.heliograph.http.EntityTag;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.log.Document;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;
import java.util.Map;

/**
 * What a writer says must be there, in {@code If-Match} or {@code If-None-Match} (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param tag without its quotes, if the kind is {@link Kind#TAG}; else null
 */
public record Condition(Kind kind, String tag) {
    public static final String IF_MATCH = "If-Match";

    /** What is asked for. */
    public enum Kind {
        /** Nothing was said. */
        NONE,
        /** {@code If-None-Match: *}: there is no document. */
        ABSENT,
        /** {@code If-Match: *}: there is one. */
        PRESENT,
        /** {@code If-Match: "tag"}: there is one of this version. */
        TAG
    }

    private static final String ONE_TAG = "* or exactly one entity tag in double quotes, as an answer's ETag had it";

    /**
     * @param ifMatch the values of all header fields of that name
     * @param ifNoneMatch likewise
     * @throws ProblemException {@code invalid-request} if they are malformed or say several things
     */
    public static Condition read(List<String> ifMatch, List<String> ifNoneMatch) {
        if (!ifMatch.isEmpty() && !ifNoneMatch.isEmpty()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    IfNoneMatch.HEADER,
                    String.join(",", ifNoneMatch),
                    "not to come together with " + IF_MATCH);
        }
        if (!ifNoneMatch.isEmpty()) {
            if (IfNoneMatch.parse(ifNoneMatch).isAny()) {
                return new Condition(Kind.ABSENT, null);
            }
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    IfNoneMatch.HEADER,
                    String.join(",", ifNoneMatch),
                    "* to make a document that does not exist, or " + IF_MATCH + " to change one that does");
        }
        return ifMatch.isEmpty()
                ? new Condition(Kind.NONE, null)
                : readIfMatch(String.join(",", ifMatch).strip());
    }

    boolean allows(Document present) {
        return switch (kind) {
            case NONE, ABSENT -> present == null;
            case PRESENT -> present != null;
            case TAG -> present != null && present.version().cursor().equals(tag);
        };
    }

    /** @throws ProblemException {@code precondition-failed} if a reader wants another version */
    void requireOf(Document present) {
        if (kind == Kind.TAG && !allows(present)) {
            throw new ProblemException(new Problem(ProblemType.PRECONDITION_FAILED, refusal(present), IF_MATCH, null)
                    .hints(Map.of("etag", EntityTag.of(present.version().cursor()))));
        }
    }

    /** For people, why it is not met. */
    static String refusal(Document present) {
        String found = present == null ? "there is no document" : "the document is at version " + present.version();
        return found + ", which the request rules out";
    }

    /** Whether it can only be met by making a new document. */
    boolean isCreation() {
        return kind == Kind.NONE || kind == Kind.ABSENT;
    }

    private static Condition readIfMatch(String field) {
        if (field.equals("*")) {
            return new Condition(Kind.PRESENT, null);
        }
        List<String> tags = EntityTag.list(IF_MATCH, field, ONE_TAG);
        if (tags.size() == 1) {
            return new Condition(Kind.TAG, tags.get(0));
        }
        throw ProblemException.inField(ProblemType.INVALID_REQUEST, IF_MATCH, field, ONE_TAG);
    }
}
