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

/** Makes the policy from the configuration. */
final class Policies {
    private static final String URL = "heliograph.access.policy.url";

    /** Empty if the application is not to be asked. */
    @Produces
    @Singleton
    Optional<Policy> policy(AccessConfig access, PolicyCalls calls, Revocations revocations, MeterRegistry metrics) {
        AccessConfig.PolicyConfig config = access.policy();
        if (config.url().isEmpty()) {
            return Optional.empty();
        }
        requireAddress(config.url().get());
        if (!access.hasKeys()) {
            throw new IllegalArgumentException(
                    URL + " is " + config.url().get()
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
                                        config.url().get(), failure);
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
            String scheme = URI.create(url).getScheme();
            if ("http".equals(scheme) || "https".equals(scheme)) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    URL + " is " + url + ", expected an address of http or https", malformed);
        }
        throw new IllegalArgumentException(URL + " is " + url + ", expected an address of http or https");
    }

    private static void count(String outcome, MeterRegistry metrics) {
        Counter.builder("heliograph_policy_decisions")
                .description("Answers of the application that decides")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
