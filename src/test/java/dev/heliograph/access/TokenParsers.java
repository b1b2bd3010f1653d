package dev.heliograph.access;

import static dev.heliograph.fuzz.Parser.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/** What is fuzzed of tokens and of the keys that verify them. */
public final class TokenParsers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final long LEEWAY_SECONDS = 10;
    private static final TokenKeys KEYS = TokenKeys.ofSecret(Jwts.SECRET);
    private static final TokenReader READER =
            new TokenReader(JwtConfigs.of("secret", Jwts.SECRET), Clock.fixed(NOW, ZoneOffset.UTC));

    private static final String HEADER = "{\"alg\":\"HS256\",\"kid\":\"a\",\"typ\":\"JWT\"}";
    private static final String CLAIMS =
            "{\"sub\":\"alice\",\"exp\":1769864400,\"nbf\":1769860800.5,\"jti\":\"t-1\",\"heliograph\":"
                    + "{\"subscribe\":[\"orders-*\",\"notes-{sub}\"],\"publish\":[\"orders\"],\"admin\":true}}";
    /** Of RFC 7517, appendix A.1, but for the RSA key. */
    private static final String EC_KEY =
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
                    + "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"use\":\"sig\",\"kid\":\"1\"}";

    private TokenParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofText(
                        "token",
                        TokenParsers::read,
                        Jwts.signed(CLAIMS),
                        Jwts.part("{\"alg\":\"none\"}") + '.' + Jwts.part(CLAIMS) + '.',
                        Jwts.signed("{\"alg\":\"RS256\"}", CLAIMS, Jwts.SECRET.getBytes(UTF_8))),
                Parser.ofLines(
                        "header and claims of token",
                        lines -> read(
                                Jwts.signed(lines.get(0), lines.get(lines.size() - 1), Jwts.SECRET.getBytes(UTF_8))),
                        HEADER + '\n' + CLAIMS,
                        "{\"alg\":\"HS256\"}\n{\"sub\":\"bob\",\"exp\":1e10}",
                        "{\"alg\":\"none\"}\n" + CLAIMS,
                        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}\n" + CLAIMS),
                Parser.ofText(
                        "keys of tokens",
                        TokenParsers::readKeys,
                        "{\"keys\":[" + EC_KEY + ",{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ\"}]}",
                        EC_KEY,
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                        "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\\n"
                                + "-----END PUBLIC KEY-----"));
    }

    /** What is accepted is signed by the secret, named so, and valid now. */
    private static void read(String token) {
        Identity identity;
        try {
            TokenReader.requireShort(token);
            identity = READER.read(token, KEYS);
        } catch (TokenReader.UnknownKey refused) {
            require(refused.problem().type() == ProblemType.INVALID_TOKEN, "an unknown key is told", refused.problem());
            throw new Parser.Refused();
        }

        String[] parts = token.split("\\.");
        require(
                Jwts.signed(decoded(parts[0]), decoded(parts[1]), Jwts.SECRET.getBytes(UTF_8))
                        .equals(token),
                "a token has the signature of the secret",
                token);
        requireAsClaimed(identity, decoded(parts[0]), decoded(parts[1]));
    }

    private static void requireAsClaimed(Identity identity, String header, String payload) {
        JsonNode algorithm;
        JsonNode claims;
        try {
            algorithm = JSON.readTree(header).path("alg");
            claims = JSON.readTree(payload);
        } catch (IOException lenient) {
            // jose4j also reads JSON without colons and the like; whoever signs may write it.
            return;
        }
        require(algorithm.asText().equals("HS256"), "a token is of the key's algorithm", header);
        require(claims.path("sub").asText().equals(identity.subject()), "the subject is the token's", identity);
        require(
                claims.path("exp").asDouble() + LEEWAY_SECONDS > NOW.getEpochSecond(),
                "a token is valid before it expires",
                claims);
        for (Action action : Action.values()) {
            boolean isListed = claims.path("heliograph").path(action.wireName()).size() > 0;
            require(
                    isListed || !identity.grants().allow(action, new Channel("orders-1")),
                    "only what is listed is granted",
                    claims);
        }
        require(
                identity.grants().isAdmin()
                        == claims.path("heliograph").path("admin").booleanValue(),
                "only true is admin",
                claims);
    }

    /** A refusal must say what would be right, and not the text, which may be secret. */
    private static void readKeys(String text) {
        try {
            TokenKeys keys = TokenKeys.ofPublicKey(text);
            require(!keys.algorithms().isEmpty(), "keys verify something", text);
            require(keys.of("HS256").isEmpty(), "a public key is no secret", text);
        } catch (IllegalArgumentException refused) {
            require(refused.getMessage().endsWith(TokenKeys.EXPECTED), "a refusal says what is expected", refused);
            throw new Parser.Refused();
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }
}
