package dev.heliograph.access;

import dev.heliograph.event.Action;
import dev.heliograph.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Makes tokens for trying, with the secret that the gateway verifies by. Others come from the application. */
public final class TokenMint {
    private final AccessConfig.JwtConfig config;
    private final Clock clock;

    /** @throws IllegalArgumentException that names the configuration key whose value cannot be meant */
    public TokenMint(AccessConfig.JwtConfig config) {
        this(config, Clock.systemUTC());
    }

    TokenMint(AccessConfig.JwtConfig config, Clock clock) {
        KeySource.Configured.check(config);
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param grants the patterns of each action
     * @param validFor how long it is valid from now
     * @throws IllegalArgumentException if there is no secret, or the gateway would refuse the token; it says why
     */
    public String mint(String subject, Map<Action, List<String>> grants, boolean isAdmin, Duration validFor) {
        TokenKeys keys = KeySource.Configured.secret(
                config.secret()
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        KeySource.Configured.ROOT
                                                + "secret is missing, expected the gateway's secret, because only by a secret it can make tokens")));
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setKey(keys.of(AlgorithmIdentifiers.HMAC_SHA256).get(0).key());
        signature.setPayload(JsonUtil.toJson(claims(subject, grants, isAdmin, validFor)));
        try {
            String token = signature.getCompactSerialization();
            TokenReader.requireShort(token);
            new TokenReader(config, clock).read(token, keys);
            return token;
        } catch (ProblemException refused) {
            throw new IllegalArgumentException(refused.getMessage());
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Map<String, Object> claims(
            String subject, Map<Action, List<String>> grants, boolean isAdmin, Duration validFor) {
        var claim = new LinkedHashMap<String, Object>();
        grants.forEach((action, patterns) -> claim.put(action.wireName(), patterns));
        if (isAdmin) {
            claim.put("admin", true);
        }
        var claims = new LinkedHashMap<String, Object>();
        config.issuer().ifPresent(issuer -> claims.put("iss", issuer));
        config.audience()
                .ifPresent(audience -> claims.put("aud", audience.iterator().next()));
        claims.put("sub", subject);
        claims.put("exp", clock.instant().plus(validFor).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put(config.claim(), claim);
        return claims;
    }
}
