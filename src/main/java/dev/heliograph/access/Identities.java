package dev.heliograph.access;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Finds out who somebody is by the token or the API key that it shows. Any thread may call; nothing blocks. */
@Singleton
public final class Identities {
    private final ApiKeys keys;
    private final Tickets tickets;
    private final Revocations revocations;
    private final Optional<Tokens> tokens;
    private final MeterRegistry metrics;
    private final Counter known;

    /** @throws IllegalArgumentException that names the configuration key whose value cannot be meant */
    Identities(ApiKeys keys, Tickets tickets, Revocations revocations, AccessConfig config, MeterRegistry metrics) {
        this.keys = keys;
        this.tickets = tickets;
        this.revocations = revocations;
        this.metrics = metrics;
        this.known = outcome("known");
        this.tokens = Tokens.of(config.jwt(), Clock.systemUTC(), metrics);
    }

    /**
     * @param credential as it came; not null, may be anything
     * @return on any thread, at once if it is known; fails with {@code invalid-token}, {@code token-expired}, {@code
     *     token-revoked}, {@code keys-unavailable} or {@code overloaded}
     */
    public Uni<Identity> of(String credential) {
        Uni<Identity> shown = tokens.isEmpty() || ApiKeys.isKey(credential)
                ? Uni.createFrom().item(() -> keys.identity(credential))
                : tokens.get().identity(credential);
        return counted(shown.invoke(revocations::refuse));
    }

    private Uni<Identity> counted(Uni<Identity> shown) {
        return shown.onItem()
                .invoke(identity -> known.increment())
                .onFailure(ProblemException.class)
                .invoke(refused -> outcome(
                                ((ProblemException) refused).problem().type().slug())
                        .increment());
    }

    private Counter outcome(String outcome) {
        return metrics.counter("heliograph_access_identities", "outcome", outcome);
    }

    @PreDestroy
    void close() {
        tokens.ifPresent(Tokens::close);
    }

    /**
     * Who made a one-time ticket, which is spent by that.
     *
     * @param ticket as it came; not null, may be anything
     * @return on any thread; fails with {@code invalid-token}, the same whatever is wrong with it, and as {@link #of}
     */
    public Uni<Identity> ofTicket(String ticket) {
        return counted(tickets.redeem(ticket).invoke(maker -> {
            if (maker.hasExpired(Instant.now())) {
                throw ProblemException.of(
                        ProblemType.TOKEN_EXPIRED, "the token with which the ticket was made has expired meanwhile");
            }
            revocations.refuse(maker);
        }));
    }
}
