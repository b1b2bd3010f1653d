package dev.heliograph.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the application decides where grants do not allow: who may do what with which channel. Its answers are kept for as long
 * as they say. Any thread may call; nothing blocks.
 */
public final class Policy {
    /** More would be a channel list whose answers are forgotten faster than they come. */
    private static final int MAX_ROUNDS = 100;

    private final Function<Question, Uni<Decision>> application;
    private final AsyncCache<Question, Decision> decisions;

    /**
     * @param client as {@link Caller#client()}; empty for all who did not say who they are
     * @param identity null: it did not say who it is
     */
    record Question(String client, Identity identity, Action action, Channel channel) {
        /** The same client may come by another token. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Question that
                    && client.equals(that.client)
                    && action == that.action
                    && channel.equals(that.channel);
        }

        @Override
        public int hashCode() {
            return Objects.hash(client, action, channel);
        }
    }

    /** @param ttl for how long the same question has this answer; at least a second, in which a request can be read */
    record Decision(boolean isAllowed, Duration ttl) {}

    /** Stops the reading of a request until the application has decided. If nobody asks it, the request is refused. */
    static final class Undecided extends ProblemException {
        private static final long serialVersionUID = 1L;

        private final transient Question question;

        Undecided(Question question) {
            super(unavailable("was not asked").problem());
            this.question = question;
        }
    }

    /** @param application answers a question, or fails */
    Policy(Function<Question, Uni<Decision>> application, int maxDecisions, Ticker ticker) {
        this.application = application;
        this.decisions = Caffeine.newBuilder()
                .maximumSize(maxDecisions)
                .ticker(ticker)
                .expireAfter(Expiry.<Question, Decision>creating((question, decision) -> decision.ttl()))
                .buildAsync();
    }

    /** Empty if the application was not asked lately. */
    Optional<Boolean> known(Question question) {
        CompletableFuture<Decision> decision = decisions.getIfPresent(question);
        return decision == null || !decision.isDone() || decision.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(decision.join().isAllowed());
    }

    /**
     * Reads a request, and asks the application whatever it must decide on the way.
     *
     * @param reading without effects: it is run again after each answer
     * @return at once if nothing is to be asked, otherwise on any thread; fails as the reading, or with {@code
     *     policy-unavailable}
     */
    static <T> Uni<T> decide(Policy policy, Supplier<T> reading) {
        return decide(policy, reading, MAX_ROUNDS);
    }

    private static <T> Uni<T> decide(Policy policy, Supplier<T> reading, int rounds) {
        return Uni.createFrom().deferred(() -> {
            try {
                return Uni.createFrom().item(reading.get());
            } catch (Undecided undecided) {
                if (rounds == 0) {
                    throw unavailable("had to be asked too often for one request");
                }
                return policy.ask(undecided.question).chain(answered -> decide(policy, reading, rounds - 1));
            }
        });
    }

    private Uni<Decision> ask(Question question) {
        // A copy: a client that leaves must not end the question of others.
        return Uni.createFrom().completionStage(() -> decisions
                .get(question, (asked, executor) -> application.apply(asked).subscribeAsCompletionStage())
                .copy());
    }

    /** After a revocation. */
    void forgetAll() {
        decisions.synchronous().invalidateAll();
    }

    static ProblemException unavailable(String what) {
        return ProblemException.of(
                ProblemType.POLICY_UNAVAILABLE,
                "the application that decides about this (heliograph.access.policy.url) " + what);
    }
}
