package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.heliograph.access.TokenReader.UnknownKey;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
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
    private static final int MAX_KNOWN = 100_000;
    private static final int MAX_WAITING = 8192;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long IDLE_SECONDS = 30;

    private final TokenReader reader;
    private final Clock clock;
    private final KeySource source;
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
    static Optional<Tokens> of(AccessConfig.JwtConfig config, Clock clock, MeterRegistry metrics) {
        return KeySource.of(config, metrics).map(source -> new Tokens(new TokenReader(config, clock), source, clock));
    }

    Tokens(TokenReader reader, KeySource source, Clock clock) {
        this.reader = reader;
        this.clock = clock;
        this.source = source;
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
            Optional<TokenKeys> keys = source.keys();
            if (found != null && found.by == keys.orElseThrow() && !found.identity.hasExpired(clock.instant())) {
                return Uni.createFrom().item(found.identity);
            }
            return keys.map(present -> verified(token, hash, present)
                            .onFailure(UnknownKey.class)
                            .recoverWithUni(() -> verifiedByNewer(token, hash)))
                    .orElseGet(() -> verifiedByNewer(token, hash))
                    .onFailure(UnknownKey.class)
                    .transform(unknown -> new ProblemException(((UnknownKey) unknown).problem()));
        });
    }

    @Override
    public void close() {
        pool.shutdownNow();
        source.close();
    }

    private Uni<Identity> verifiedByNewer(String token, Hash hash) {
        return source.renewed().chain(keys -> verified(token, hash, keys));
    }

    private Uni<Identity> verified(String token, Hash hash, TokenKeys keys) {
        return Uni.createFrom()
                .item(() -> {
                    Identity identity = reader.read(token, keys);
                    known.put(hash, new Known(identity, keys));
                    return identity;
                })
                .runSubscriptionOn(pool)
                .onFailure(RejectedExecutionException.class)
                .transform(full -> overloaded());
    }

    private static ProblemException overloaded() {
        return new ProblemException(Problem.of(
                        ProblemType.OVERLOADED,
                        "more than " + MAX_WAITING + " tokens wait to be verified, expected the token later")
                .retryAfter(RETRY_AFTER));
    }
}
