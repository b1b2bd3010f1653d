package dev.heliograph.access;

import dev.heliograph.fixture.Jwts;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Prints the CPU time of the first and of each further look at a token, by algorithm. A measurement, no test. */
public final class VerificationCost {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(3);
    private static final int AT_ONCE = 100;
    private static final String GRANTS =
            "\"heliograph\":{\"subscribe\":[\"orders-*\",\"drivers-*\"],\"publish\":[\"notes-{sub}\"]}";

    private VerificationCost() {}

    public static void main(String... none) throws Exception {
        measure("HS256", null);
        measure("RS256", pair("RSA", null));
        measure("ES256", pair("EC", "secp256r1"));
        measure("ES384", pair("EC", "secp384r1"));
        measure("EdDSA", pair("Ed25519", null));
    }

    private static void measure(String algorithm, KeyPair pair) throws JoseException {
        TokenKeys keys = pair == null
                ? TokenKeys.ofSecret(Jwts.SECRET)
                : TokenKeys.ofPublicKey("-----BEGIN PUBLIC KEY-----"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "-----END PUBLIC KEY-----");
        String token = token(algorithm, pair);
        var reader = new TokenReader(JwtConfigs.of(), Clock.systemUTC());
        try (var tokens = new Tokens(reader, new KeySource.Fixed(keys), Clock.systemUTC())) {
            System.out.printf(
                    "%-6s %4d characters  verified %7.1f us  known %5.2f us%n",
                    algorithm,
                    token.length(),
                    micros(() -> reader.read(token, keys)),
                    micros(() -> tokens.identity(token).await().indefinitely()));
        }
    }

    /** CPU time of this thread for one call. */
    private static double micros(Runnable call) {
        repeat(call, WARM_UP);
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        long calls = repeat(call, MEASURED);
        return (threads.getCurrentThreadCpuTime() - before) / 1e3 / calls;
    }

    private static long repeat(Runnable call, Duration time) {
        long calls = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; calls += AT_ONCE) {
            for (int i = 0; i < AT_ONCE; i++) {
                call.run();
            }
        }
        return calls;
    }

    private static String token(String algorithm, KeyPair pair) throws JoseException {
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(pair == null ? new HmacKey(Jwts.SECRET.getBytes()) : pair.getPrivate());
        signature.setPayload("{\"sub\":\"alice\",\"jti\":\"4dc2f1e6-5f3c-4b8e-9a53-0f3b8f1f7c11\",\"exp\":"
                + Instant.now().plusSeconds(3600).getEpochSecond() + "," + GRANTS + "}");
        return signature.getCompactSerialization();
    }

    private static KeyPair pair(String kind, String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (curve != null) {
            generator.initialize(new ECGenParameterSpec(curve));
        } else if (kind.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }
}
