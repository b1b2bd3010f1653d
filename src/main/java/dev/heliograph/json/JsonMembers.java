package dev.heliograph.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A JSON object of the input as its members and the bytes they stand on. What is asked of it and wrong is refused. */
public final class JsonMembers {
    private static final int SHOWN_VALUE_BYTES = 80;

    private final byte[] text;
    private final List<Member> members;
    private final Problem refusal;

    private JsonMembers(byte[] text, List<Member> members, Problem refusal) {
        this.text = text;
        this.members = members;
        this.refusal = refusal;
    }

    static JsonMembers of(byte[] text, List<Member> members) {
        return new JsonMembers(text, List.copyOf(members), null);
    }

    /** Stands for what should have been an object; whoever reads it gets the problem. */
    static JsonMembers refused(Problem refusal) {
        return new JsonMembers(new byte[0], List.of(), refusal);
    }

    /** @throws ProblemException if there is a member of any other name, or one twice */
    public void requireOnly(Collection<String> names) {
        requireDistinct();
        for (Member member : members) {
            if (!names.contains(member.name)) {
                throw ProblemException.inField(
                        ProblemType.INVALID_REQUEST,
                        member.name,
                        "unknown",
                        "only the members " + String.join(", ", new TreeSet<>(names)));
            }
        }
    }

    /** @throws ProblemException if a member's name is there twice */
    public void requireDistinct() {
        requireSound();
        Set<String> seen = new HashSet<>();
        for (Member member : members) {
            if (!seen.add(member.name)) {
                throw repeated(member.name);
            }
        }
    }

    /** The string of a member; null if there is no such member. */
    public String string(String name) {
        Member member = find(name);
        if (member == null) {
            return null;
        }
        if (member.string == null) {
            throw wrong(ProblemType.INVALID_REQUEST, name, "a string");
        }
        return member.string;
    }

    /** As {@link #string}, but a member that is {@code null} counts as one that is not there. */
    public String stringOrNull(String name) {
        return isAbsent(name) ? null : string(name);
    }

    /** Whether there is no such member, or it is {@code null}. */
    public boolean isAbsent(String name) {
        Member member = find(name);
        return member == null || member.token == JsonToken.VALUE_NULL;
    }

    /** The bytes of a member that is an object, as they came but for line breaks, which become spaces. */
    public byte[] object(String name) {
        Member member = find(name);
        if (member == null || member.token != JsonToken.START_OBJECT) {
            throw wrong(ProblemType.INVALID_DATA, name, "a JSON object");
        }
        var out = new ByteArrayOutputStream(member.end - member.start);
        out.write(text, member.start, member.end - member.start);
        return onOneLine(out);
    }

    /** The object without one of its members; the others as they came but for line breaks, which become spaces. */
    public byte[] without(String name) {
        requireSound();
        var out = new ByteArrayOutputStream(text.length);
        out.write('{');
        for (Member member : members) {
            if (!member.name.equals(name)) {
                if (out.size() > 1) {
                    out.write(',');
                }
                out.write(text, member.nameStart, member.end - member.nameStart);
            }
        }
        out.write('}');
        return onOneLine(out);
    }

    /** A problem with a member: shows what it is, or that it is missing. */
    public ProblemException wrong(ProblemType type, String name, String expected) {
        Member member = find(name);
        if (member == null) {
            return ProblemException.inField(type, name, null, expected);
        }
        return new ProblemException(
                new Problem(type, name + " is " + shown(member) + ", expected " + expected, name, null));
    }

    static String describe(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> throw new AssertionError(token);
        };
    }

    private Member find(String name) {
        requireSound();
        Member found = null;
        for (Member member : members) {
            if (member.name.equals(name)) {
                if (found != null) {
                    throw repeated(name);
                }
                found = member;
            }
        }
        return found;
    }

    private void requireSound() {
        if (refusal != null) {
            throw new ProblemException(refusal);
        }
    }

    private String shown(Member member) {
        int length = member.end - member.start;
        String start = new String(text, member.start, Math.min(length, SHOWN_VALUE_BYTES), StandardCharsets.UTF_8);
        return length <= SHOWN_VALUE_BYTES ? start : start + "...";
    }

    private static ProblemException repeated(String name) {
        return ProblemException.inField(ProblemType.INVALID_REQUEST, name, "repeated", "each member once");
    }

    /** JSON strings cannot hold raw line breaks (RFC 8259, section 7), so each one found stands between tokens. */
    private static byte[] onOneLine(ByteArrayOutputStream out) {
        byte[] json = out.toByteArray();
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }

    /**
     * @param string the value if it is a string, else null
     * @param nameStart index of the name's opening quote
     * @param start index of the value's first byte
     * @param end index after the value's last byte
     */
    record Member(String name, JsonToken token, String string, int nameStart, int start, int end) {}
}
