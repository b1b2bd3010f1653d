package dev.heliograph.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** Makes the policy from the configuration. */
final class Policies {
    private static final String URL = "heliograph.access.policy.url";
    /** With fewer, an answer could be forgotten before the request that waits for it is read again. */
    private static final int LEAST_DECISIONS = 1000;

    private static final Pattern LEGAL_TOKEN = Pattern.compile("[!-~]+");

    /** Empty if the application is not to be asked. */
    @Produces
    @Singleton
    Optional<Policy> policy(AccessConfig access, PolicyCalls calls, Revocations revocations, MeterRegistry metrics) {
        AccessConfig.PolicyConfig config = access.policy();
        if (config.url().isEmpty()) {
            return Optional.empty();
        }
        requireAddress(config.url().get());
        String address = shown(config.url().get());
        requireToken(config.token());
        if (config.maxDecisions() < LEAST_DECISIONS) {
            throw new IllegalArgumentException("heliograph.access.policy.max-decisions is " + config.maxDecisions()
                    + ", expected " + LEAST_DECISIONS + " or more");
        }
        if (!access.hasKeys()) {
            throw new IllegalArgumentException(
                    URL + " is " + address
                            + ", expected nothing, or a key (heliograph.access.jwt or .keys): without one, everything is allowed");
        }
        var isAnswering = new AtomicBoolean(true);
        var policy = new Policy(
                question -> calls.ask(config, question)
                        .invoke(decision -> {
                            count(decision.isAllowed() ? "allow" : "deny", metrics);
                            if (!isAnswering.getAndSet(true)) {
                                Log.info("The application decides again about what grants do not allow");
                            }
                        })
                        .onFailure()
                        .transform(failure -> {
                            count("failure", metrics);
                            if (isAnswering.getAndSet(false)) {
                                Log.warnf(
                                        "The application at %s does not decide, so what grants do not allow is refused: %s",
                                        address, reason(failure));
                            }
                            return Policy.unavailable("does not answer");
                        }),
                config.maxDecisions(),
                Ticker.systemTicker());
        revocations.whenAdded(policy::forgetAll);
        return Optional.of(policy);
    }

    private static void requireAddress(String url) {
        try {
            URI address = URI.create(url);
            boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (isHttp && address.getHost() != null && address.getUserInfo() == null) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            // As one of another scheme; its cause would show all of it.
        }
        throw new IllegalArgumentException(
                URL + " is " + shown(url) + ", expected an address of http or https without a user");
    }

    /** Without what may be a secret: a user with its password, and the query. */
    private static String shown(String url) {
        return url.replaceAll("//[^/]*@", "//...@").replaceAll("\\?.*", "?...");
    }

    /** The HTTP client would refuse each call, with a message that shows the token. */
    private static void requireToken(Optional<String> token) {
        if (!token.map(it -> LEGAL_TOKEN.matcher(it).matches()).orElse(true)) {
            throw new IllegalArgumentException(
                    "heliograph.access.policy.token has a space, a line break or another illegal character, expected printable"
                            + " ASCII characters (RFC 6750, section 2.1)");
        }
    }

    private static String reason(Throwable failure) {
        return failure instanceof PolicyCalls.NoDecision
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    private static void count(String outcome, MeterRegistry metrics) {
        Counter.builder("heliograph_policy_decisions")
                .description("Answers of the application that decides")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
