package dev.heliograph.access;

import static dev.heliograph.fixture.Jwts.part;
import static dev.heliograph.fixture.Jwts.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenReaderTest {
    private static final String HS256 = "{\"alg\":\"HS256\"}";
    private static final String NESTED = "[".repeat(2500) + "]".repeat(2500);
    private static final TokenKeys KEYS = TokenKeys.ofSecret(Jwts.SECRET);
    private static final KeyPair RSA = rsa();

    private final ManualClock clock = new ManualClock();
    private final long now = clock.instant().getEpochSecond();
    private final TokenReader reader = new TokenReader(
            JwtConfigs.of("secret", Jwts.SECRET, "issuer", "https://login.example", "audience", "gateway,gateway-2"),
            clock);

    @Test
    void readsWhoseTokenItIsAndWhatItGrants() {
        Identity alice = reader.read(
                hs256(
                        claims(
                                "\"jti\":\"t-1\",\"heliograph\":{\"subscribe\":[\"orders-*\",\"notes-{sub}\"],\"admin\":true}")),
                KEYS);

        assertThat(alice.subject()).isEqualTo("alice");
        assertThat(alice.tokenId()).isEqualTo("t-1");
        assertThat(alice.key()).isNull();
        assertThat(alice.expires()).isEqualTo(Instant.ofEpochSecond(now + 60 + 10));
        assertThat(alice.grants().allow(Action.SUBSCRIBE, new Channel("orders-1")))
                .isTrue();
        assertThat(alice.grants().allow(Action.SUBSCRIBE, new Channel("notes-alice")))
                .isTrue();
        assertThat(alice.grants().allow(Action.SUBSCRIBE, new Channel("notes-bob")))
                .isFalse();
        assertThat(alice.grants().allow(Action.PUBLISH, new Channel("orders-1")))
                .isFalse();
        assertThat(alice.grants().isAdmin()).isTrue();
    }

    @Test
    void tokenWithoutClaimGrantsNothing() {
        Identity alice = reader.read(hs256(claims("\"aud\":[\"other\",\"gateway-2\"]")), KEYS);

        assertThat(alice.grants()).isSameAs(Grants.NONE);
    }

    @Test
    void acceptsTokenUntilLeewayIsOver() {
        String token = hs256(claims("\"nbf\":" + (now + 10)));

        reader.read(token, KEYS);
        clock.advance(Duration.ofSeconds(69));
        Identity late = reader.read(token, KEYS);
        boolean hasExpired = late.hasExpired(clock.instant());
        clock.advance(Duration.ofSeconds(1));

        assertThat(hasExpired).isFalse();
        assertThat(late.hasExpired(clock.instant())).isTrue();
        assertThat(refusal(token).type()).isEqualTo(ProblemType.TOKEN_EXPIRED);
    }

    private static Stream<Arguments> badTokens() {
        long now = new ManualClock().instant().getEpochSecond();
        return Stream.of(
                Arguments.of("", "the token is no JWT"),
                Arguments.of("..", "the token is no JWT"),
                Arguments.of("garbage", "the token is no JWT"),
                Arguments.of("a.b.c.d.e", "the token is no JWT"),
                Arguments.of(hs256(claims("")) + "\n", "the token is no JWT"),
                Arguments.of("YQ.YQ.YQ", "the token's header cannot be read"),
                Arguments.of(part("[1]") + ".YQ.YQ", "the token's header cannot be read"),
                Arguments.of(
                        hs256("{\"alg\":\"HS256\",\"alg\":\"none\"}", claims("")),
                        "the token's header cannot be read, expected a JSON object, each name once"),
                Arguments.of(hs256("{}", claims("")), "the token's header has no alg, expected one of [HS256]"),
                Arguments.of(hs256("{\"alg\":1}", claims("")), "the token's header has no alg"),
                Arguments.of(part("{\"alg\":\"none\"}") + "." + part(claims("")) + ".", "alg is \"none\", expected"),
                Arguments.of(hs256("{\"alg\":\"none\"}", claims("")), "alg is \"none\", expected"),
                Arguments.of(hs256("{\"alg\":\"NONE\"}", claims("")), "alg is \"NONE\", expected"),
                Arguments.of(hs256("{\"alg\":\"RS256\"}", claims("")), "alg is \"RS256\", expected"),
                Arguments.of(hs256("{\"alg\":\"HS512\"}", claims("")), "alg is \"HS512\", expected"),
                Arguments.of(
                        hs256("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}", claims("")),
                        "the token's header has crit, expected none"),
                Arguments.of(hs256(claims("")).substring(0, 60) + ".YQ", "the token's signature is not valid"),
                Arguments.of(
                        part(HS256) + "." + part(claims("")) + ".",
                        "the token's signature is not valid, expected one by"),
                Arguments.of(
                        signed(HS256, claims(""), "another secret, of 32 bytes also".getBytes(UTF_8)),
                        "the token's signature is not valid"),
                Arguments.of(
                        hs256("{\"alg\":\"HS256\",\"kid\":" + NESTED + "}", claims("")),
                        "kid is a list, expected text"),
                Arguments.of(hs256("{\"alg\":" + NESTED + "}", claims("")), "the token's header has no alg"),
                Arguments.of(hs256("{\"alg\":\"HS256\",\"kid\":7}", claims("")), "kid is 7, expected text"),
                Arguments.of(hs256(claims("\"aud\":" + NESTED)), "aud is a list, expected one of"),
                Arguments.of(hs256(claims("\"nbf\":" + NESTED)), "nbf is a list, expected a time"),
                Arguments.of(
                        granting("{\"read\":[" + NESTED + "]}"), "heliograph.read is a list, expected only patterns"),
                Arguments.of(granting("{\"admin\":{}}"), "heliograph.admin is an object, expected true or false"),
                Arguments.of(hs256("[1]"), "the token's claims cannot be read"),
                Arguments.of(hs256("x"), "the token's claims cannot be read"),
                Arguments.of(hs256("[".repeat(4000)), "the token's claims cannot be read"),
                Arguments.of(hs256("{\"exp\":1e400}"), "exp is Infinity, expected a time in seconds"),
                Arguments.of(
                        hs256(claims("\"sub\":\"bob\"")),
                        "the token's claims cannot be read, expected a JSON object, each"),
                Arguments.of(hs256("{}"), "exp is missing, expected the time at which the token expires"),
                Arguments.of(hs256(claims("").replace("\"exp\":", "\"exp\":\"1\",\"x\":")), "exp is \"1\", expected"),
                Arguments.of(
                        hs256(claims("\"nbf\":" + (now + 11))), "nbf is 2026-01-02T03:04:16Z, expected a time that"),
                Arguments.of(hs256(claims("\"nbf\":null")), "nbf is missing, expected a time in seconds"),
                Arguments.of(
                        hs256(claims("").replace("login", "evil")),
                        "iss is \"https://evil.example\", expected \"https://login.example\""),
                Arguments.of(hs256(claims("\"aud\":[\"a\",7]")), "aud is a list, expected one of [gateway, gateway-2]"),
                Arguments.of(hs256(claims("\"aud\":null")), "aud is missing, expected one of"),
                Arguments.of(hs256(claims("").replace("\"sub\"", "\"name\"")), "sub is missing, expected the name"),
                Arguments.of(hs256(claims("").replace("alice", "")), "sub is \"\", expected text of 1 to 256"),
                Arguments.of(hs256(claims("").replace("alice", "a\\nb")), "sub is \"a\nb\", expected text"),
                Arguments.of(hs256(claims("\"jti\":7")), "jti is 7, expected text"),
                Arguments.of(granting("\"all\""), "heliograph is no object, expected the members subscribe, "),
                Arguments.of(granting("null"), "heliograph is no object, expected the members subscribe, "),
                Arguments.of(
                        granting("{\"subscrib\":[]}"),
                        "heliograph.subscrib is unknown, expected subscribe, publish, read, write and presence, each"),
                Arguments.of(granting("{\"Subscribe\":[]}"), "heliograph.Subscribe is unknown"),
                Arguments.of(granting("{\"read\":[],\"read\":[]}"), "the token's claims cannot be read"),
                Arguments.of(
                        granting("{\"read\":\"orders\"}"),
                        "heliograph.read is \"orders\", expected a list of patterns"),
                Arguments.of(granting("{\"read\":[1]}"), "heliograph.read is 1, expected only patterns"),
                Arguments.of(granting("{\"read\":[null]}"), "heliograph.read is missing, expected only patterns"),
                Arguments.of(granting("{\"admin\":\"true\"}"), "heliograph.admin is \"true\", expected true or false"),
                Arguments.of(granting("{\"admin\":1}"), "heliograph.admin is 1, expected true or false"),
                Arguments.of(
                        granting("{\"read\":[\"orders*\"]}"), "heliograph.read has pattern \"orders*\", expected "),
                Arguments.of(granting("{\"read\":[\"\"]}"), "heliograph.read has pattern \"\", expected "),
                Arguments.of(
                        granting("{\"read\":[\"a\"" + ",\"a\"".repeat(1000) + "]}"),
                        "heliograph.read has 1001 patterns, expected at most 1000"));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void refusesTokenAndSaysWhatWouldBeRight(String token, String detail) {
        Problem refusal = refusal(token);

        assertThat(refusal.type()).isEqualTo(ProblemType.INVALID_TOKEN);
        assertThat(refusal.detail()).startsWith(detail).contains("expected");
        for (String part : token.split("\\.")) {
            assertThat(part.length() > 20 && refusal.json().contains(part)).isFalse();
        }
    }

    @Test
    void tellsAnExpiredTokenFromAWrongOne() {
        String expired = claims("").replace(String.valueOf(now + 60), String.valueOf(now - 10));

        assertThat(refusal(hs256(expired)).detail()).startsWith("the token expired 10 seconds ago");
        assertThat(refusal(hs256(expired)).type()).isEqualTo(ProblemType.TOKEN_EXPIRED);
        assertThat(refusal(hs256(expired) + "A").type()).isEqualTo(ProblemType.INVALID_TOKEN);
    }

    /** The public key is known to everybody, so its bytes must be no secret for HS256. */
    @Test
    void refusesTokenWhoseSecretIsThePublicKey() {
        TokenKeys keys = TokenKeys.ofPublicKey(pem());

        assertThat(refusal(signed(HS256, claims(""), pem().getBytes(UTF_8)), keys)
                        .detail())
                .startsWith("alg is \"HS256\", expected one for which there is a key: [RS256, RS384, RS512]");
        assertThat(refusal(signed(HS256, claims(""), RSA.getPublic().getEncoded()), keys)
                        .detail())
                .startsWith("alg is \"HS256\", expected");
    }

    /** Each of them may name the key of an attacker (RFC 8725, section 3.10). */
    @Test
    void usesNoKeyThatTheTokenBrings() {
        String header = "{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:9/\",\"x5u\":\"http://127.0.0.1:9/\","
                + "\"x5c\":[\"MIIB\"],\"jwk\":{\"kty\":\"oct\",\"k\":\"" + part("another secret, of 32 bytes also")
                + "\"}}";

        assertThat(refusal(signed(header, claims(""), "another secret, of 32 bytes also".getBytes(UTF_8)))
                        .detail())
                .startsWith("the token's signature is not valid");
    }

    private Problem refusal(String token) {
        return refusal(token, KEYS);
    }

    private Problem refusal(String token, TokenKeys keys) {
        Throwable refusal = catchThrowable(() -> reader.read(token, keys));
        return refusal instanceof TokenReader.UnknownKey unknown
                ? unknown.problem()
                : ((ProblemException) refusal).problem();
    }

    private static String granting(String claim) {
        return hs256(claims("\"heliograph\":" + claim));
    }

    /** Claims of a token that expires in a minute, with more of them in place of {@code aud} if they have one. */
    private static String claims(String more) {
        long now = new ManualClock().instant().getEpochSecond();
        return "{\"sub\":\"alice\",\"iss\":\"https://login.example\",\"exp\":" + (now + 60)
                + (more.contains("\"aud\"") ? "" : ",\"aud\":\"gateway\"") + (more.isEmpty() ? "" : ",") + more + "}";
    }

    private static String hs256(String claims) {
        return hs256(HS256, claims);
    }

    private static String hs256(String header, String claims) {
        return signed(header, claims, Jwts.SECRET.getBytes(UTF_8));
    }

    private static String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(RSA.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
