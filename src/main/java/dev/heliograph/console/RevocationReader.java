package dev.heliograph.console;

import dev.heliograph.access.Revocation;
import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.json.JsonMembers;
import dev.heliograph.json.JsonText;
import dev.heliograph.json.Rfc3339;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code {"subject":"alice","until":"2026-01-02T03:04:05Z"}}, strictly; {@code tokenId} or {@code key} in place of it. */
final class RevocationReader {
    static final String UNTIL = "until";
    static final List<String> KINDS =
            Stream.of(Kind.values()).map(Kind::wireName).toList();
    static final int MAX_NAME_CHARS = 1024;
    static final int MAX_YEARS = 10;

    private static final List<String> MEMBERS =
            Stream.concat(KINDS.stream(), Stream.of(UNTIL)).toList();

    private RevocationReader() {}

    /** @throws ProblemException that names what is wrong */
    static Revocation read(byte[] body, Clock clock) {
        JsonMembers request = JsonText.object(body);
        request.requireOnly(MEMBERS);
        Kind kind = only(request.names());
        String name = request.string(kind.wireName());
        requireName(kind, name);
        return new Revocation(kind, name, until(request, clock.instant()));
    }

    /** The one of the kinds that is named; other names are left alone. */
    static Kind only(Collection<String> names) {
        List<Kind> named = Stream.of(Kind.values())
                .filter(kind -> names.contains(kind.wireName()))
                .toList();
        if (named.size() != 1) {
            String found = named.isEmpty()
                    ? "there is none of " + String.join(", ", KINDS)
                    : "there are " + named.stream().map(Kind::wireName).collect(Collectors.joining(" and "));
            throw new ProblemException(new Problem(
                    ProblemType.INVALID_REQUEST,
                    found + ", expected exactly one of " + String.join(", ", KINDS),
                    named.isEmpty() ? KINDS.get(0) : named.get(1).wireName(),
                    null));
        }
        return named.get(0);
    }

    static void requireName(Kind kind, String name) {
        int length = name.codePointCount(0, name.length());
        if (length == 0 || length > MAX_NAME_CHARS) {
            throw new ProblemException(new Problem(
                    ProblemType.INVALID_REQUEST,
                    kind.wireName() + " has " + length + " characters, expected 1 to " + MAX_NAME_CHARS,
                    kind.wireName(),
                    null));
        }
    }

    private static Instant until(JsonMembers request, Instant now) {
        Instant until = Rfc3339.timeIn(request, UNTIL);
        Instant last = now.atZone(ZoneOffset.UTC).plusYears(MAX_YEARS).toInstant();
        if (until == null || !until.isAfter(now) || until.isAfter(last)) {
            throw request.wrong(
                    ProblemType.INVALID_REQUEST,
                    UNTIL,
                    "a time in RFC 3339 that is to come, at most " + MAX_YEARS
                            + " years ahead: when the last of the tokens has expired by itself");
        }
        return until;
    }
}
