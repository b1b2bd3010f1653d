package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.TokenReader.UnknownKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenKeysTest {
    private static final Map<String, KeyPair> PAIRS = new HashMap<>();

    private final TokenReader reader = new TokenReader(JwtConfigs.of(), Clock.systemUTC());

    @ParameterizedTest
    @CsvSource({
        "RSA, RS256",
        "RSA, RS384",
        "RSA, RS512",
        "secp256r1, ES256",
        "secp384r1, ES384",
        "Ed25519, EdDSA",
        "Ed448, EdDSA"
    })
    void verifiesAlgorithmsOfItsKind(String kind, String algorithm) throws Exception {
        KeyPair pair = pair(kind);
        JsonWebKey jwk = jwk(pair, "k");

        String token = token(pair, algorithm, "k");

        for (String key : new String[] {
            pem(pair),
            pem(pair).replace("\n", "\\n"),
            jwk.toJson(),
            new JsonWebKeySet(jwk(pair("another"), "other"), jwk).toJson()
        }) {
            assertThat(reader.read(token, TokenKeys.ofPublicKey(key)).subject()).isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, ES256",
        "RSA, PS256",
        "RSA, HS256",
        "secp256r1, ES384",
        "secp256r1, RS256",
        "secp384r1, ES256",
        "Ed25519, ES256"
    })
    void verifiesNoOtherAlgorithm(String kind, String algorithm) throws Exception {
        assertThat(TokenKeys.ofPublicKey(pem(pair(kind))).of(algorithm)).isEmpty();
    }

    @Test
    void refusesTokenOfAnotherKeyOfItsKind() throws Exception {
        KeyPair pair = pair("secp256r1");

        assertThatThrownBy(() -> reader.read(
                        token(pair("another"), "ES256", "k"),
                        TokenKeys.ofPublicKey(jwk(pair, "k").toJson())))
                .hasMessageStartingWith("the token's signature is not valid");
    }

    @Test
    void choosesAmongKeysOfOneKindById() throws Exception {
        KeyPair pair = pair("secp256r1");
        TokenKeys keys = TokenKeys.ofPublicKey(
                new JsonWebKeySet(jwk(pair("another"), "other"), jwk(pair, "k"), jwk(pair("RSA"), "r")).toJson());

        assertThat(reader.read(token(pair, "ES256", "k"), keys).subject()).isEqualTo("alice");
        assertThat(reader.read(token(pair("RSA"), "RS256", null), keys).subject())
                .isEqualTo("alice");
        assertThatThrownBy(() -> reader.read(token(pair, "ES256", null), keys))
                .hasMessage("kid is missing, expected the id of one of 2 keys for ES256");
        assertThatThrownBy(() -> reader.read(token(pair, "ES256", "x"), keys))
                .isInstanceOf(UnknownKey.class)
                .hasMessage("kid is \"x\", expected the id of a key for ES256");
    }

    /** RFC 7517, sections 4.2 and 4.4. */
    @Test
    void respectsUseAndAlgorithmOfKey() throws Exception {
        JsonWebKey one = jwk(pair("RSA"), "k");
        one.setAlgorithm("RS512");
        JsonWebKey encrypting = jwk(pair("RSA"), "k");
        encrypting.setUse("enc");

        assertThat(TokenKeys.ofPublicKey(one.toJson()).algorithms()).containsExactly("RS512");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofPublicKey(encrypting.toJson()))
                .withMessageStartingWith("without a key for tokens, expected");
    }

    @Test
    void refusesShortRsaKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);

        String pem = pem(generator.generateKeyPair());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofPublicKey(pem))
                .withMessageContaining("RSA of 2048 bits or more");
    }

    private static JsonWebKey jwk(KeyPair pair, String id) throws JoseException {
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        jwk.setKeyId(id);
        return jwk;
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String token(KeyPair pair, String algorithm, String id) throws JoseException {
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        if (id != null) {
            signature.setKeyIdHeaderValue(id);
        }
        signature.setKey(pair.getPrivate());
        signature.setPayload(
                "{\"sub\":\"alice\",\"exp\":" + Instant.now().plusSeconds(60).getEpochSecond() + "}");
        return signature.getCompactSerialization();
    }

    /** @param kind {@code another} is one more of {@code secp256r1} */
    private static KeyPair pair(String kind) throws Exception {
        if (!PAIRS.containsKey(kind)) {
            PAIRS.put(kind, generator(kind).generateKeyPair());
        }
        return PAIRS.get(kind);
    }

    private static KeyPairGenerator generator(String kind) throws Exception {
        if (kind.equals("another") || kind.startsWith("secp")) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(kind.equals("another") ? "secp256r1" : kind));
            return generator;
        }
        return standard(kind);
    }

    private static KeyPairGenerator standard(String kind) throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator;
    }
}
