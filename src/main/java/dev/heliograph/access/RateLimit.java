package dev.heliograph.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * One limit on requests, counted apart for each client. However many clients there are, at most {@code maxClients} are
 * remembered: first the silent ones are forgotten, whose buckets are full again, and then the rarest. Any thread may call;
 * nothing blocks.
 */
public final class RateLimit {
    private final Bandwidth bandwidth;
    private final TimeMeter time;
    private final Cache<String, Bucket> buckets;
    private final String policyHeader;
    private final String headerStart;

    /**
     * What became of one request.
     *
     * @param isTaken false: it is one too many
     * @param retryAfter how long until the next may come; zero if this one was taken
     * @param header the value of {@code RateLimit}; its {@code t} is {@code retryAfter} if there is one, as both headers
     *     should speak of the same moment
     */
    public record Verdict(boolean isTaken, Duration retryAfter, String header) {}

    /** @param burst more than 0 */
    RateLimit(String name, int requestsPerSecond, int burst, int maxClients, TimeMeter time) {
        this.time = time;
        this.bandwidth = Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(requestsPerSecond, Duration.ofSeconds(1))
                .build();
        long refillSeconds = secondsUp(Duration.ofSeconds(burst).toNanos() / requestsPerSecond);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxClients)
                .expireAfterAccess(Duration.ofSeconds(refillSeconds))
                // In the thread of the caller, as it is little work and the bound then holds at once.
                .executor(Runnable::run)
                .ticker(time::currentTimeNanos)
                .build();
        this.policyHeader = '"' + name + "\";q=" + burst + ";w=" + refillSeconds;
        this.headerStart = '"' + name + "\";r=";
    }

    /** Counts one request of a client. */
    public Verdict take(String client) {
        ConsumptionProbe probe = buckets.get(client, unknown -> newBucket()).tryConsumeAndReturnRemaining(1);
        // Retry-After: 0 would say at once.
        long waitNanos = probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
        long seconds = secondsUp(probe.isConsumed() ? probe.getNanosToWaitForReset() : waitNanos);
        String header = headerStart + probe.getRemainingTokens() + ";t=" + seconds;
        return new Verdict(probe.isConsumed(), Duration.ofNanos(waitNanos), header);
    }

    /** The value of {@code RateLimit-Policy}, e.g. {@code "poll";q=5000;w=10}. */
    public String policyHeader() {
        return policyHeader;
    }

    /** How many clients are remembered, once those that are due are forgotten. */
    long clients() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(bandwidth)
                .withCustomTimePrecision(time)
                .build();
    }

    private static long secondsUp(long nanos) {
        return (nanos + 999_999_999) / 1_000_000_000;
    }
}
