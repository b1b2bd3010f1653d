package dev.heliograph.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The members of a JSON object of the input. Each method refuses a member that is wrong. */
public final class JsonMembers {
    private final List<Member> members;
    private final Problem refusal;

    /** @param refusal thrown to every reader of a value that should be an object; null if it is one */
    JsonMembers(List<Member> members, Problem refusal) {
        this.members = members;
        this.refusal = refusal;
    }

    /** @throws ProblemException if there is a member of another name, or a repeated member */
    public void requireOnly(Collection<String> names) {
        requireDistinct();
        for (Member member : members) {
            if (!names.contains(member.name)) {
                throw ProblemException.atFault(
                        ProblemType.INVALID_REQUEST,
                        member.name,
                        "unknown",
                        "only the members " + String.join(", ", new TreeSet<>(names)));
            }
        }
    }

    /** @throws ProblemException if a member's name is repeated */
    public void requireDistinct() {
        requireSound();
        Set<String> seen = new HashSet<>();
        for (Member member : members) {
            if (!seen.add(member.name)) {
                throw repeated(member.name);
            }
        }
    }

    /** The names of all members, with repeats. */
    public List<String> names() {
        requireSound();
        return members.stream().map(Member::name).toList();
    }

    /** The value of a member; null if there is no such member. */
    public JsonSlice get(String name) {
        requireSound();
        JsonSlice found = null;
        for (Member member : members) {
            if (member.name.equals(name)) {
                if (found != null) {
                    throw repeated(name);
                }
                found = member.value;
            }
        }
        return found;
    }

    /** The string of a member; null if there is no such member. */
    public String string(String name) {
        return string(name, ProblemType.INVALID_REQUEST, "a string");
    }

    /** As {@link #string(String)}, with a problem of its own for other values. */
    public String string(String name, ProblemType type, String expected) {
        JsonSlice value = get(name);
        if (value != null && value.string() == null) {
            throw value.wrong(type, name, expected);
        }
        return value == null ? null : value.string();
    }

    /** As {@link #string(String)}, but a member that is {@code null} counts as one that is not there. */
    public String stringOrNull(String name) {
        return isAbsent(name) ? null : string(name);
    }

    /** Whether a member is {@code true}; no member is {@code false}. */
    public boolean isTrue(String name) {
        JsonSlice value = get(name);
        if (value != null && !value.token.isBoolean()) {
            throw value.wrong(ProblemType.INVALID_REQUEST, name, "true or false");
        }
        return value != null && value.token == JsonToken.VALUE_TRUE;
    }

    /** Whether there is no such member, or it is {@code null}. */
    public boolean isAbsent(String name) {
        JsonSlice value = get(name);
        return value == null || value.token == JsonToken.VALUE_NULL;
    }

    /** The unchanged bytes of a member that is an object; only line breaks become spaces. */
    public byte[] object(String name) {
        JsonSlice value = get(name);
        if (value == null || !value.isObject()) {
            throw wrong(ProblemType.INVALID_DATA, name, "a JSON object");
        }
        return onOneLine(Arrays.copyOfRange(value.text, value.start, value.end));
    }

    /** The object without one of its members. The others are unchanged; only line breaks become spaces. */
    public byte[] without(String name) {
        requireSound();
        var out = new ByteArrayOutputStream();
        out.write('{');
        for (Member member : members) {
            if (!member.name.equals(name)) {
                if (out.size() > 1) {
                    out.write(',');
                }
                out.write(member.value.text, member.start, member.value.end - member.start);
            }
        }
        out.write('}');
        return onOneLine(out.toByteArray());
    }

    /** A problem with a member: shows what it is, or that it is missing. */
    public ProblemException wrong(ProblemType type, String name, String expected) {
        JsonSlice value = get(name);
        return value == null ? ProblemException.inField(type, name, null, expected) : value.wrong(type, name, expected);
    }

    private void requireSound() {
        if (refusal != null) {
            throw new ProblemException(refusal);
        }
    }

    private static ProblemException repeated(String name) {
        return ProblemException.atFault(ProblemType.INVALID_REQUEST, name, "repeated", "each member once");
    }

    /** JSON strings cannot hold raw line breaks (RFC 8259, section 7), so every line break is between tokens. */
    private static byte[] onOneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }

    /**
     * @param name null if it is an element of an array
     * @param start index of the name's opening quote
     */
    record Member(String name, int start, JsonSlice value) {}
}
