package dev.heliograph.access;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Finds out who somebody is by the token or the API key that it shows. Any thread may call; nothing blocks. */
@Singleton
public final class Identities {
    private final ApiKeys keys;
    private final Tickets tickets;
    private final Revocations revocations;

    Identities(ApiKeys keys, Tickets tickets, Revocations revocations) {
        this.keys = keys;
        this.tickets = tickets;
        this.revocations = revocations;
    }

    /**
     * @param credential as it came; not null, may be anything
     * @return on any thread, at once if it is known; fails with {@code invalid-token}, {@code token-expired}, {@code
     *     token-revoked} or {@code keys-unavailable}
     */
    public Uni<Identity> of(String credential) {
        return Uni.createFrom().item(() -> keys.identity(credential)).invoke(revocations::refuse);
    }

    /**
     * Who made a one-time ticket, which is spent by that.
     *
     * @param ticket as it came; not null, may be anything
     * @return on any thread; fails with {@code invalid-token}, the same whatever is wrong with it, and as {@link #of}
     */
    public Uni<Identity> ofTicket(String ticket) {
        return tickets.redeem(ticket).invoke(maker -> {
            if (maker.hasExpired(Instant.now())) {
                throw ProblemException.of(
                        ProblemType.TOKEN_EXPIRED, "the token with which the ticket was made has expired meanwhile");
            }
            revocations.refuse(maker);
        });
    }
}
