package dev.heliograph.access;

import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Instant;
import java.util.Optional;

/** The client that makes a request, and what it may do. The only way from a name in a request to a channel. Any thread may ask. */
public final class Caller {
    // docs/decisions.md: The caller is passed, and the door asks it
    private final Catalogue catalogue;
    /** Null: it did not say who it is. */
    private final Identity identity;

    private final Grants grants;
    private final boolean isTrusted;

    private Caller(Catalogue catalogue, Identity identity, Grants grants, boolean isTrusted) {
        this.catalogue = catalogue;
        this.identity = identity;
        this.grants = grants;
        this.isTrusted = isTrusted;
    }

    /** Who may do everything: the gateway itself. */
    public static Caller trusted(Catalogue catalogue) {
        return new Caller(catalogue, null, Grants.NONE, true);
    }

    /**
     * Who did not say who it is, and may do what the namespaces leave open to all.
     *
     * @param isAdmin whether it may look at the gateway and change it: as long as nobody is asked who it is
     */
    public static Caller anonymous(Catalogue catalogue, boolean isAdmin) {
        return new Caller(catalogue, null, isAdmin ? Grants.ADMIN : Grants.NONE, false);
    }

    /** Who may do what its identity is granted, and what the namespaces leave open to all. */
    public static Caller of(Catalogue catalogue, Identity identity) {
        return new Caller(catalogue, identity, identity.grants(), false);
    }

    /** Empty if it did not say who it is. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    /** When its token ends, if that is less than {@link Identity#NOTICE} ahead. */
    public Optional<Instant> expiring(Instant now) {
        return identity == null || identity.expires() == null || !identity.hasExpired(now.plus(Identity.NOTICE))
                ? Optional.empty()
                : Optional.of(identity.expires());
    }

    public boolean may(Action action, Channel channel) {
        return isTrusted || grants.allow(action, channel) || catalogue.isPublic(action, channel);
    }

    /** @throws ProblemException {@code unauthenticated} if it may not and did not say who it is, otherwise {@code forbidden} */
    public void requireMay(Action action, Channel channel) {
        if (!may(action, channel)) {
            throw new ProblemException(refusal(
                    action.wireName() + " on " + channel,
                    "whose claim grants " + action.wireName() + " on a pattern that names this channel"));
        }
    }

    /** @throws ProblemException as {@link #requireMay} */
    public void requireAdmin() {
        if (!isTrusted && !grants.isAdmin()) {
            throw new ProblemException(refusal("This request", "whose claim has \"admin\":true"));
        }
    }

    /**
     * Reads a channel name, or {@code <namespace>.*} for the firehose. Whoever may not learns nothing of what there is: the
     * namespace is looked up last.
     *
     * @param written by a client; may be null
     * @throws ProblemException {@code invalid-channel} if it is null or malformed, as {@link #requireMay}, {@code
     *     unknown-namespace}
     */
    public Channel channel(String written, Action action) {
        return catalogue.channel(written, channel -> {
            // Whoever may look at the gateway may hear that there is no such namespace.
            if (catalogue.isKnown(channel) || !grants.isAdmin()) {
                requireMay(action, channel);
            }
        });
    }

    private Problem refusal(String what, String token) {
        return identity == null
                ? Problem.of(ProblemType.UNAUTHENTICATED, what + " needs a token or an API key " + token)
                : Problem.of(ProblemType.FORBIDDEN, what + " is not granted, expected a token or an API key " + token);
    }
}
