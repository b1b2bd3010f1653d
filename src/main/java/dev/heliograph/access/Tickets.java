package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One-time tickets for clients that cannot set headers: 256 random bits that stand for their maker's identity, for one
 * request within 30 seconds, to any node. Any thread may call; nothing blocks.
 */
@Singleton
public final class Tickets {
    // docs/decisions.md: A ticket is random and stored, not signed
    static final Duration VALIDITY = Duration.ofSeconds(30);

    private static final int BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final TicketStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * A ticket as its maker gets it.
     *
     * @param ticket the secret
     * @param expires when it is valid no more, in whole seconds
     */
    public record Ticket(String ticket, Instant expires) {}

    @Inject
    Tickets(TicketStore store) {
        this(store, Clock.systemUTC());
    }

    Tickets(TicketStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Makes a ticket for an identity; fails as the store does. */
    public Uni<Ticket> issue(Identity identity) {
        return Uni.createFrom().deferred(() -> {
            Ticket made = unknown();
            return store.put(nameOf(made.ticket), IdentityJson.write(identity), VALIDITY)
                    .replaceWith(made);
        });
    }

    /** A ticket that stands for nobody, for a gateway that asks nobody. */
    public Ticket unknown() {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new Ticket(
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
                clock.instant().plus(VALIDITY).truncatedTo(ChronoUnit.SECONDS));
    }

    /** Spends a ticket; fails with {@code invalid-token} whatever is wrong with it, otherwise as the store does. */
    Uni<Identity> redeem(String ticket) {
        return Uni.createFrom().deferred(() -> {
            if (!FORM.matcher(ticket).matches()) {
                throw notValid();
            }
            return store.take(nameOf(ticket))
                    .map(stored -> stored.map(IdentityJson::read).orElseThrow(Tickets::notValid));
        });
    }

    private static ProblemException notValid() {
        return ProblemException.of(
                ProblemType.INVALID_TOKEN,
                "the ticket is not valid, expected one that POST /api/realtime/tickets answered within the last "
                        + VALIDITY.toSeconds() + " seconds and that nobody has used");
    }

    /** Whoever can read the store learns no ticket from it. */
    private static String nameOf(String ticket) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
