package dev.heliograph.access;

import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The client that makes a request, and what it may do. The only way from a name in a request to a channel. Any thread may ask. */
public final class Caller {
    // docs/decisions.md: The caller is passed, and the door asks it
    private final Catalogue catalogue;
    /** Null: it did not say who it is. */
    private final Identity identity;

    private final Grants grants;
    private final String address;
    /** Null: nobody else decides. */
    private final Policy policy;

    private final boolean isTrusted;

    private Caller(
            Catalogue catalogue, Identity identity, Grants grants, String address, Policy policy, boolean isTrusted) {
        this.catalogue = catalogue;
        this.identity = identity;
        this.grants = grants;
        this.address = address;
        this.policy = policy;
        this.isTrusted = isTrusted;
    }

    /** Who may do everything: the gateway itself. */
    public static Caller trusted(Catalogue catalogue) {
        return new Caller(catalogue, null, Grants.NONE, "gateway", null, true);
    }

    /**
     * Who did not say who it is, and may do what the namespaces leave open to all.
     *
     * @param isAdmin whether it may look at the gateway and change it: as long as nobody is asked who it is
     * @param address where it comes from, as finely as clients are told apart
     */
    public static Caller anonymous(Catalogue catalogue, boolean isAdmin, String address) {
        return new Caller(catalogue, null, isAdmin ? Grants.ADMIN : Grants.NONE, address, null, false);
    }

    /** The same client, which has shown who it is: it may do what that is granted, and what the namespaces leave open to all. */
    public Caller as(Identity shown) {
        return new Caller(catalogue, shown, shown.grants(), address, policy, false);
    }

    /** The same client; where neither grants nor the namespace allow, the application decides. */
    public Caller under(Policy application) {
        return new Caller(catalogue, identity, grants, address, application, isTrusted);
    }

    /**
     * Reads a request of this caller, and asks the application on the way whatever it must decide.
     *
     * @param reading without effects: it is run again after each answer
     * @return at once if nothing is to be asked, otherwise on any thread; fails as the reading, or with {@code
     *     policy-unavailable}
     */
    public <T> Uni<T> decide(Supplier<T> reading) {
        return Policy.decide(policy, reading);
    }

    /** Empty if it did not say who it is. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    /** Where it comes from, as finely as clients are told apart. */
    public String address() {
        return address;
    }

    /** Under which name its requests are counted: the subject or key if it has shown who it is, otherwise the address. */
    public String client() {
        if (identity == null) {
            return address;
        }
        return identity.key() == null ? "sub " + identity.subject() : "key " + identity.key();
    }

    /** When its token ends, if that is less than {@link Identity#NOTICE} ahead. */
    public Optional<Instant> expiring(Instant now) {
        return identity == null || identity.expires() == null || !identity.hasExpired(now.plus(Identity.NOTICE))
                ? Optional.empty()
                : Optional.of(identity.expires());
    }

    /** Whether it may, once the application has decided if it must; fails with {@code policy-unavailable}. */
    public Uni<Boolean> mayOnceDecided(Action action, Channel channel) {
        return decide(() -> isAllowed(action, channel));
    }

    /** @throws ProblemException {@code unauthenticated} if it may not and did not say who it is, otherwise {@code forbidden} */
    public void requireMay(Action action, Channel channel) {
        if (!isAllowed(action, channel)) {
            throw new ProblemException(refusal(
                    action.wireName() + " on " + channel,
                    "whose claim grants " + action.wireName() + " on a pattern that names this channel"));
        }
    }

    private boolean isAllowed(Action action, Channel channel) {
        if (isGranted(action, channel)) {
            return true;
        }
        // One look: the answer may come between two.
        Optional<Boolean> decided = decided(action, channel);
        if (policy != null && decided.isEmpty() && catalogue.isKnown(channel)) {
            throw new Policy.Undecided(question(action, channel));
        }
        return decided.orElse(false);
    }

    private boolean isGranted(Action action, Channel channel) {
        return isTrusted || grants.allow(action, channel) || catalogue.isPublic(action, channel);
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

    /** Empty if the application did not decide lately, or is not asked. */
    private Optional<Boolean> decided(Action action, Channel channel) {
        return policy == null ? Optional.empty() : policy.known(question(action, channel));
    }

    private Policy.Question question(Action action, Channel channel) {
        return new Policy.Question(identity == null ? "" : client(), identity, action, channel);
    }

    private Problem refusal(String what, String token) {
        return identity == null
                ? Problem.of(ProblemType.UNAUTHENTICATED, what + " needs a token or an API key " + token)
                : Problem.of(ProblemType.FORBIDDEN, what + " is not granted, expected a token or an API key " + token);
    }
}
