package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** The keys that verify tokens at one time. Each key verifies the algorithms of its own kind and no others. Immutable. */
final class TokenKeys {
    private static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;
    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");
    static final String EXPECTED = "one public key in PEM (BEGIN PUBLIC KEY), a JWK or a JWK set:"
            + " RSA of 2048 bits or more, EC P-256 or P-384, Ed25519 or Ed448";

    private final List<TokenKey> keys;

    /**
     * @param id the {@code kid}; null: it has none
     * @param algorithms the {@code alg} of the tokens that it may verify
     */
    record TokenKey(String id, Set<String> algorithms, Key key) {
        private static TokenKey of(String id, Key key) {
            return new TokenKey(id, verifiedBy(key), key);
        }

        /** @param algorithm null: any */
        private TokenKey only(String algorithm) {
            return algorithm == null
                    ? this
                    : new TokenKey(id, algorithms.contains(algorithm) ? Set.of(algorithm) : Set.of(), key);
        }
    }

    private TokenKeys(List<TokenKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException that says what is wrong and what would be right, without the secret */
    static TokenKeys ofSecret(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes, expected " + MIN_SECRET_BYTES + " or more");
        }
        return new TokenKeys(List.of(new TokenKey(null, Set.of(AlgorithmIdentifiers.HMAC_SHA256), new HmacKey(bytes))));
    }

    /**
     * @param text PEM, a JWK or a JWK set
     * @throws IllegalArgumentException that says what is wrong and what would be right, without the text
     */
    static TokenKeys ofPublicKey(String text) {
        return text.stripLeading().startsWith("{") ? ofSet(text) : usable(List.of(TokenKey.of(null, pem(text))));
    }

    /**
     * The keys of a JWK set, or a single JWK, that verify tokens; there may be others (RFC 7517, section 5).
     *
     * @throws IllegalArgumentException as {@link #ofPublicKey}
     */
    static TokenKeys ofSet(String text) {
        return usable(jwks(text).stream()
                // Symmetric keys are no public keys, and a key for encryption verifies nothing.
                .filter(jwk -> jwk instanceof PublicJsonWebKey && !"enc".equals(jwk.getUse()))
                .map(jwk -> TokenKey.of(jwk.getKeyId(), ((PublicJsonWebKey) jwk).getPublicKey())
                        .only(jwk.getAlgorithm()))
                .toList());
    }

    /** What they verify, for people. */
    Set<String> algorithms() {
        return keys.stream().flatMap(key -> key.algorithms.stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    boolean isSameAs(TokenKeys other) {
        return Set.copyOf(keys).equals(Set.copyOf(other.keys));
    }

    /** Those that may verify this algorithm. */
    List<TokenKey> of(String algorithm) {
        return keys.stream().filter(key -> key.algorithms.contains(algorithm)).toList();
    }

    private static TokenKeys usable(List<TokenKey> keys) {
        List<TokenKey> usable =
                keys.stream().filter(key -> !key.algorithms.isEmpty()).toList();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("without a key for tokens, expected " + EXPECTED);
        }
        return new TokenKeys(usable);
    }

    private static List<JsonWebKey> jwks(String text) {
        try {
            Map<String, Object> json = JsonUtil.parseJson(text);
            return json.containsKey(JsonWebKeySet.JWK_SET_MEMBER_NAME)
                    ? new JsonWebKeySet(text).getJsonWebKeys()
                    : List.of(JsonWebKey.Factory.newJwk(json));
        } catch (JoseException | RuntimeException unreadable) {
            throw new IllegalArgumentException("JSON without a readable key, expected " + EXPECTED, unreadable);
        }
    }

    private static Key pem(String text) {
        // Environment variables often have the line ends as backslash and n.
        Matcher pem = PEM.matcher(text.replace("\\n", "\n"));
        if (!pem.matches()) {
            throw new IllegalArgumentException("neither PEM of a public key nor JSON, expected " + EXPECTED);
        }
        for (String kind : List.of("RSA", "EC", "EdDSA")) {
            try {
                var encoded = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
                return KeyFactory.getInstance(kind).generatePublic(encoded);
            } catch (GeneralSecurityException | IllegalArgumentException anotherKind) {
                // The next one may be right.
            }
        }
        throw new IllegalArgumentException("PEM that holds no key of a known kind, expected " + EXPECTED);
    }

    /** None: it is of no use here. */
    private static Set<String> verifiedBy(Key key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() < MIN_RSA_BITS
                    ? Set.of()
                    : Set.of(
                            AlgorithmIdentifiers.RSA_USING_SHA256,
                            AlgorithmIdentifiers.RSA_USING_SHA384,
                            AlgorithmIdentifiers.RSA_USING_SHA512);
        }
        if (key instanceof ECPublicKey ec) {
            return switch (ec.getParams().getCurve().getField().getFieldSize()) {
                case P256_BITS -> Set.of(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
                case P384_BITS -> Set.of(AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384);
                default -> Set.of();
            };
        }
        return key instanceof EdECPublicKey ? Set.of(AlgorithmIdentifiers.EDDSA) : Set.of();
    }
}
