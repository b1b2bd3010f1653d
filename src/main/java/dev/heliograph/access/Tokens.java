package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Identifies clients by their tokens. A token is verified once, in a small pool of threads, so that clients which all come back
 * at one time leave cores to the event loops. After that it is known by its hash until it expires. Any thread may call.
 */
final class Tokens implements AutoCloseable {
    private static final String ROOT = "heliograph.access.jwt.";
    private static final int MAX_KNOWN = 100_000;
    private static final int MAX_WAITING = 8192;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long IDLE_SECONDS = 30;

    private final TokenReader reader;
    private final Clock clock;
    private final TokenKeys keys;
    private final ThreadPoolExecutor pool;
    private final Cache<Hash, Known> known = Caffeine.newBuilder()
            .maximumSize(MAX_KNOWN)
            // In the thread of the caller, as it is little work and the bound then holds at once.
            .executor(Runnable::run)
            .build();

    /** SHA-256 of a token: smaller than the token, and of no use to a reader of a heap dump. */
    private record Hash(long first, long second, long third, long fourth) {
        static Hash of(String token) {
            try {
                ByteBuffer hash =
                        ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
                return new Hash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** @param by those that verified its token; it holds as long as they are the newest */
    private record Known(Identity identity, TokenKeys by) {}

    /**
     * @return empty if there is no key for tokens
     * @throws IllegalArgumentException that names the configuration key whose value cannot be meant
     */
    static Optional<Tokens> of(AccessConfig.JwtConfig config, Clock clock) {
        return config.secret().map(secret -> new Tokens(config, secretKey(secret), clock));
    }

    private Tokens(AccessConfig.JwtConfig config, TokenKeys keys, Clock clock) {
        this.reader = new TokenReader(config, clock);
        this.clock = clock;
        this.keys = keys;
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    var thread = new Thread(task, "heliograph-tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * @return at once and in the caller's thread if the token is known, otherwise in a thread of the pool; fails with {@code
     *     invalid-token}, {@code token-expired}, {@code keys-unavailable} or {@code overloaded}
     */
    Uni<Identity> identity(String token) {
        return Uni.createFrom().deferred(() -> {
            TokenReader.requireShort(token);
            Hash hash = Hash.of(token);
            Known found = known.getIfPresent(hash);
            if (found != null && found.by == keys && !found.identity.hasExpired(clock.instant())) {
                return Uni.createFrom().item(found.identity);
            }
            return Uni.createFrom()
                    .item(() -> verify(token, hash))
                    .runSubscriptionOn(pool)
                    .onFailure(RejectedExecutionException.class)
                    .transform(full -> overloaded());
        });
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private static TokenKeys secretKey(String secret) {
        try {
            return TokenKeys.ofSecret(secret);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(ROOT + "secret is " + wrong.getMessage());
        }
    }

    private Identity verify(String token, Hash hash) {
        try {
            Identity identity = reader.read(token, keys);
            known.put(hash, new Known(identity, keys));
            return identity;
        } catch (TokenReader.UnknownKey unknown) {
            throw new ProblemException(unknown.problem());
        }
    }

    private static ProblemException overloaded() {
        return new ProblemException(Problem.of(
                        ProblemType.OVERLOADED,
                        "more than " + MAX_WAITING + " tokens wait to be verified, expected the token later")
                .retryAfter(RETRY_AFTER));
    }
}
