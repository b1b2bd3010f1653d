package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The keys of a JWK set (RFC 7517) at an address, fetched ahead. One thread of its own fetches them, so that no request does:
 * a fetch that fails keeps the former keys.
 *
 * <p>A token by an unknown key causes one early fetch, at most one in {@link Times#pause}. Such a request waits for its end, or
 * for {@link Times#patience}, and holds no thread meanwhile.
 */
final class Jwks implements KeySource {
    private static final int MAX_BYTES = 1 << 20;
    private static final int OK = 200;
    private static final double NANOS = 1e9;

    private final URI address;
    private final Times times;
    private final Counter failures;
    private final HttpClient client;
    /** Drops what comes after its end. */
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                var daemon = new Thread(task, "heliograph-jwks");
                daemon.setDaemon(true);
                return daemon;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private final AtomicReference<Fetch> newest = new AtomicReference<>();
    private volatile Fetched fetched;
    /** Of the fetching thread. */
    private boolean isFailing;

    /**
     * @param interval between two fetches
     * @param pause after a fetch, until the next after a failure or for an unknown key
     * @param timeout of a fetch, from its first to its last byte
     * @param patience how long a request waits for a fetch
     */
    record Times(Duration interval, Duration pause, Duration timeout, Duration patience) {
        static Times every(Duration interval) {
            return new Times(interval, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(2));
        }
    }

    private record Fetch(long startNanos, CompletableFuture<Void> end) {}

    private record Fetched(TokenKeys keys, long nanos) {}

    /** Begins to fetch at once. */
    Jwks(URI address, Times times, MeterRegistry metrics) {
        this.address = address;
        this.times = times;
        this.failures = Counter.builder("heliograph_access_jwks_failures").register(metrics);
        Gauge.builder("heliograph_access_jwks_age_seconds", this, Jwks::ageSeconds)
                .register(metrics);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(times.timeout)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        begin(null);
    }

    @Override
    public Optional<TokenKeys> keys() {
        return Optional.ofNullable(fetched).map(Fetched::keys);
    }

    @Override
    public Uni<TokenKeys> renewed() {
        return Uni.createFrom()
                // A copy, because a waiter that gives up cancels what it waits for.
                .completionStage(() -> nextFetch().copy())
                .ifNoItem()
                .after(times.patience)
                .recoverWithItem((Void) null)
                .map(ended -> keys().orElseThrow(this::unavailable));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** One that is under way, or a new one unless the last was so recent that another would bring nothing. */
    private CompletableFuture<Void> nextFetch() {
        Fetch last = newest.get();
        boolean isRecent = System.nanoTime() - last.startNanos < times.pause.toNanos();
        return isRecent || !last.end.isDone() ? last.end : begin(last);
    }

    /** @return the end of the fetch that now follows {@code last}, whoever began it */
    private CompletableFuture<Void> begin(Fetch last) {
        var next = new Fetch(System.nanoTime(), new CompletableFuture<>());
        if (newest.compareAndSet(last, next)) {
            thread.execute(() -> run(next));
        }
        return newest.get().end;
    }

    private void run(Fetch fetch) {
        boolean isFetched = false;
        try {
            isFetched = fetch();
        } finally {
            // Nobody waits for the keys of a fetch that is not over.
            thread.schedule(
                    () -> begin(fetch), (isFetched ? times.interval : times.pause).toNanos(), TimeUnit.NANOSECONDS);
            fetch.end.complete(null);
        }
    }

    /** @return whether the keys are new */
    private boolean fetch() {
        try {
            TokenKeys keys = TokenKeys.ofSet(read());
            // The same object as long as they are the same, because tokens are known by it.
            boolean isSame = fetched != null && fetched.keys.isSameAs(keys);
            fetched = new Fetched(isSame ? fetched.keys : keys, System.nanoTime());
            if (isFailing) {
                Log.info("The keys that verify tokens can be fetched again [heliograph.access.jwt.jwks]");
            }
            isFailing = false;
            return true;
        } catch (IOException | RuntimeException failure) {
            failures.increment();
            if (!isFailing && !thread.isShutdown()) {
                Log.warnf(
                        "The keys that verify tokens cannot be fetched, %s: %s [heliograph.access.jwt.jwks]",
                        fetched == null ? "and there are none yet" : "so the former ones stay in use", reason(failure));
            }
            isFailing = true;
            return false;
        }
    }

    private String read() throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(HttpRequest.newBuilder(address).build(), head -> new Body());
        try {
            HttpResponse<byte[]> complete = answer.get(times.timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (complete.statusCode() != OK) {
                throw new IOException("the answer has the status " + complete.statusCode() + ", expected 200");
            }
            return new String(complete.body(), UTF_8);
        } catch (TimeoutException late) {
            throw new IOException("there is no whole answer within " + times.timeout);
        } catch (ExecutionException failure) {
            throw new IOException(reason(failure.getCause()));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            throw new IOException("the gateway stops");
        } finally {
            answer.cancel(true);
        }
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private double ageSeconds() {
        return fetched == null ? Double.NaN : (System.nanoTime() - fetched.nanos) / NANOS;
    }

    private ProblemException unavailable() {
        return new ProblemException(Problem.of(
                        ProblemType.KEYS_UNAVAILABLE,
                        "the keys that verify tokens could not be fetched yet, expected the token again later")
                .retryAfter(times.pause));
    }

    /** A body up to a limit. */
    private static final class Body implements BodySubscriber<byte[]> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription to) {
            subscription = to;
            to.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                if (bytes.size() + part.remaining() > MAX_BYTES) {
                    subscription.cancel();
                    onError(new IOException("the answer has more than " + MAX_BYTES + " bytes"));
                    return;
                }
                byte[] read = new byte[part.remaining()];
                part.get(read);
                bytes.writeBytes(read);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
