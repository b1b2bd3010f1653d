package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.access.TokenKeys.TokenKey;
import dev.heliograph.event.Action;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Verifies a token (JWT, RFC 7519) and reads whose it is. Takes 30 to 2500 microseconds of a core, so it is not called on an
 * event loop. No problem shows the token. Immutable.
 */
final class TokenReader {
    /** More would not fit beside the other headers of a request (Vert.x reads 8 KiB of them). */
    private static final int MAX_CHARS = 7 * 1024;

    private static final int MAX_NAME_CHARS = 256;
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final String ADMIN = "admin";
    private static final Map<String, Action> ACTIONS =
            Arrays.stream(Action.values()).collect(Collectors.toMap(Action::wireName, action -> action));
    private static final String EXPECTED_MEMBERS =
            "subscribe, publish, read, write and presence, each a list of patterns, and admin, true or false";
    /** The last second of the year 9999: more is no time that anybody means. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private final AccessConfig.JwtConfig config;
    private final Clock clock;

    /** None of the keys may verify the token, but newer keys may. */
    static final class UnknownKey extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        private UnknownKey(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    TokenReader(AccessConfig.JwtConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * @throws ProblemException {@code invalid-token} or {@code token-expired}
     * @throws UnknownKey {@code invalid-token} as well, unless there are newer keys
     */
    Identity read(String token, TokenKeys keys) {
        if (!SHAPE.matcher(token).matches()) {
            throw invalid("the token is no JWT, expected three parts of base64url with a dot between them");
        }
        var signed = new JsonWebSignature();
        try {
            signed.setCompactSerialization(token);
        } catch (JoseException | RuntimeException unreadable) {
            throw invalid("the token's header cannot be read, expected a JSON object, each name once, in base64url");
        }
        TokenKey key = key(signed, keys);
        if (!isSignedBy(key, signed)) {
            throw invalid("the token's signature is not valid, expected one by the key of this gateway for "
                    + signed.getAlgorithmHeaderValue());
        }
        return identity(claims(signed));
    }

    private static TokenKey key(JsonWebSignature signed, TokenKeys keys) {
        if (signed.getObjectHeader("crit") != null) {
            throw invalid("the token's header has crit, expected none, because no extension is understood here");
        }
        if (!(signed.getObjectHeader("alg") instanceof String algorithm)) {
            throw invalid("the token's header has no alg, expected one of " + keys.algorithms());
        }
        List<TokenKey> able = keys.of(algorithm);
        if (able.isEmpty()) {
            throw new UnknownKey(Problem.inField(
                    ProblemType.INVALID_TOKEN, "alg", algorithm, "one for which there is a key: " + keys.algorithms()));
        }
        Object id = signed.getObjectHeader("kid");
        if (id != null && !(id instanceof String)) {
            throw inField("kid", id, "text");
        }
        List<TokenKey> named = named(id, able);
        if (named.isEmpty()) {
            throw new UnknownKey(
                    Problem.inField(ProblemType.INVALID_TOKEN, "kid", id, "the id of a key for " + algorithm));
        }
        if (named.size() > 1) {
            throw inField("kid", id, "the id of one of " + named.size() + " keys for " + algorithm);
        }
        return named.get(0);
    }

    /** A key without an id may be meant by any. */
    private static List<TokenKey> named(Object id, List<TokenKey> keys) {
        if (id == null) {
            return keys;
        }
        List<TokenKey> exact = keys.stream().filter(key -> id.equals(key.id())).toList();
        return exact.isEmpty() ? keys.stream().filter(key -> key.id() == null).toList() : exact;
    }

    private static boolean isSignedBy(TokenKey key, JsonWebSignature signed) {
        signed.setKey(key.key());
        try {
            return signed.verifySignature();
        } catch (JoseException | RuntimeException unverifiable) {
            return false;
        }
    }

    private static Map<String, Object> claims(JsonWebSignature signed) {
        try {
            // Verified already; jose4j would look at the signature again.
            return JsonUtil.parseJson(new String(signed.getUnverifiedPayloadBytes(), UTF_8));
        } catch (JoseException | RuntimeException unreadable) {
            throw invalid("the token's claims cannot be read, expected a JSON object, each name once");
        }
    }

    private Identity identity(Map<String, Object> claims) {
        Instant now = clock.instant();
        Instant end = time(claims, "exp")
                .orElseThrow(() -> invalid("exp is missing, expected the time at which the token expires, in seconds"))
                .plus(config.leeway());
        if (!now.isBefore(end)) {
            throw ProblemException.of(
                    ProblemType.TOKEN_EXPIRED,
                    "the token expired "
                            + Duration.between(end.minus(config.leeway()), now).toSeconds()
                            + " seconds ago, expected a newer one");
        }
        time(claims, "nbf").ifPresent(begin -> {
            Duration early = Duration.between(now, begin.minus(config.leeway()));
            if (!early.isNegative() && !early.isZero()) {
                throw invalid("nbf is " + begin + ", expected a time that has come, at most "
                        + config.leeway().toSeconds() + " seconds ahead of this gateway's clock");
            }
        });
        config.issuer().ifPresent(issuer -> {
            if (!issuer.equals(claims.get("iss"))) {
                throw inField("iss", claims.get("iss"), '"' + issuer + '"');
            }
        });
        config.audience().ifPresent(audience -> requireAudience(claims.get("aud"), audience));
        String subject = name(claims, "sub")
                .orElseThrow(() -> invalid("sub is missing, expected the name of the token's owner"));
        return new Identity(subject, name(claims, "jti").orElse(null), null, end, grants(claims, subject));
    }

    private static void requireAudience(Object written, Set<String> legal) {
        Collection<?> named =
                written instanceof Collection<?> several ? several : List.of(Objects.requireNonNullElse(written, ""));
        if (named.stream().noneMatch(legal::contains)) {
            throw inField(
                    "aud",
                    written,
                    legal.size() == 1 ? '"' + legal.iterator().next() + '"' : "one of " + new TreeSet<>(legal));
        }
    }

    /** A time in seconds, maybe with a fraction (RFC 7519, section 2, NumericDate). */
    private static Optional<Instant> time(Map<String, Object> claims, String name) {
        Object written = claims.get(name);
        if (written == null && !claims.containsKey(name)) {
            return Optional.empty();
        }
        if (!(written instanceof Number number) || number.doubleValue() < 0 || number.doubleValue() > MAX_SECONDS) {
            throw inField(name, written, "a time in seconds since 1970");
        }
        return Optional.of(Instant.ofEpochSecond(number.longValue()));
    }

    private static Optional<String> name(Map<String, Object> claims, String name) {
        if (!claims.containsKey(name)) {
            return Optional.empty();
        }
        if (!(claims.get(name) instanceof String text)
                || text.isEmpty()
                || text.length() > MAX_NAME_CHARS
                || CONTROL.matcher(text).find()) {
            throw inField(
                    name,
                    claims.get(name),
                    "text of 1 to " + MAX_NAME_CHARS + " characters without control characters");
        }
        return Optional.of(text);
    }

    private Grants grants(Map<String, Object> claims, String subject) {
        String claim = config.claim();
        if (!claims.containsKey(claim)) {
            return Grants.NONE;
        }
        if (!(claims.get(claim) instanceof Map<?, ?> members)) {
            throw invalid(claim + " is no object, expected the members " + EXPECTED_MEMBERS);
        }
        var patterns = new EnumMap<Action, List<String>>(Action.class);
        boolean isAdmin = false;
        for (var member : members.entrySet()) {
            String field = claim + '.' + member.getKey();
            Action action = ACTIONS.get(member.getKey());
            if (action != null) {
                patterns.put(action, patterns(field, member.getValue()));
            } else if (!ADMIN.equals(member.getKey())) {
                throw new ProblemException(
                        Problem.atFault(ProblemType.INVALID_TOKEN, field, "unknown", EXPECTED_MEMBERS));
            } else if (member.getValue() instanceof Boolean is) {
                isAdmin = is;
            } else {
                throw inField(field, member.getValue(), "true or false");
            }
        }
        try {
            return Grants.of(patterns, isAdmin, subject);
        } catch (IllegalArgumentException wrong) {
            throw invalid(claim + '.' + wrong.getMessage());
        }
    }

    private static List<String> patterns(String field, Object written) {
        if (!(written instanceof List<?> list)) {
            throw inField(field, written, "a list of patterns");
        }
        return list.stream()
                .map(pattern -> {
                    if (pattern instanceof String text) {
                        return text;
                    }
                    throw inField(field, pattern, "only patterns, which are text");
                })
                .toList();
    }

    /** @throws ProblemException {@code invalid-token} if there is more than a token may have */
    static void requireShort(String token) {
        if (token.length() > MAX_CHARS) {
            throw invalid("the token has " + token.length() + " characters, expected at most " + MAX_CHARS);
        }
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.of(ProblemType.INVALID_TOKEN, detail);
    }

    /** Lists and objects are not shown, because they may be nested deeper than the stack. */
    private static ProblemException inField(String field, Object value, String expected) {
        if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            String kind = value instanceof Map<?, ?> ? "an object" : "a list";
            return ProblemException.atFault(ProblemType.INVALID_TOKEN, field, kind, expected);
        }
        return ProblemException.inField(ProblemType.INVALID_TOKEN, field, value, expected);
    }
}
