package dev.heliograph.node;

import dev.heliograph.access.ClientAddress;
import dev.heliograph.access.RateLimit;
import dev.heliograph.access.RateLimits;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Counts every request below {@code /api/realtime}, handshakes of WebSockets included, against its client's limit, and
 * answers what is too much with 429. It tells the rest of the limit as draft-ietf-httpapi-ratelimit-headers wants it.
 */
@Singleton
final class HttpRateLimits {
    // docs/decisions.md: 429 is decided after CORS and authentication
    /** After CORS (300), so that scripts may read the refusal; after authentication (200), before anything that works. */
    private static final int PRIORITY = 190;

    private static final String ROOT = "/api/realtime/";
    /** RFC 9110, section 9.2.1. */
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private static final CharSequence LIMIT = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");

    private final Counted publish;
    private final Counted poll;
    private final Counted connect;

    /** A limit with its header, made once, and the number of its refusals. */
    private record Counted(RateLimit limit, CharSequence policyHeader, Counter refusals) {}

    HttpRateLimits(RateLimits limits, MeterRegistry metrics) {
        publish = counted("publish", limits.publish(), metrics);
        poll = counted("poll", limits.poll(), metrics);
        connect = counted("connect", limits.connect(), metrics);
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        Counted counted = limitOf(context.normalizedPath(), context.request().method());
        if (counted == null) {
            context.next();
            return;
        }
        SocketAddress address = context.request().remoteAddress();
        RateLimit.Verdict verdict = counted.limit.take(ClientAddress.client(address == null ? null : address.host()));
        HttpServerResponse response =
                context.response().putHeader(POLICY, counted.policyHeader).putHeader(LIMIT, verdict.header());
        if (verdict.isTaken()) {
            context.next();
            return;
        }
        counted.refusals.increment();
        HttpProblem.answer(context, refusal(counted, verdict.retryAfter()));
    }

    /** The limit that a request counts against; null if none does. To change a document is to publish its change. */
    private Counted limitOf(String path, HttpMethod method) {
        if (!path.startsWith(ROOT)) {
            return null;
        }
        boolean isChange = path.startsWith("documents/", ROOT.length()) && !SAFE.contains(method);
        if (isChange || path.startsWith("publish", ROOT.length())) {
            return publish;
        }
        boolean connects = path.startsWith("ws", ROOT.length()) || path.startsWith("sse", ROOT.length());
        return connects ? connect : poll;
    }

    private static Problem refusal(Counted counted, Duration wait) {
        String detail = "this address asks more often than the limit " + counted.policyHeader
                + " allows (q requests at once, as many again in w seconds)";
        return Problem.of(ProblemType.RATE_EXCEEDED, detail).retryAfter(wait);
    }

    private static Counted counted(String name, Optional<RateLimit> limit, MeterRegistry metrics) {
        return limit.map(it -> new Counted(
                        it,
                        HttpHeaders.createOptimized(it.policyHeader()),
                        Counter.builder("heliograph_access_refusals")
                                .description("Requests that were answered with 429")
                                .tag("policy", name)
                                .register(metrics)))
                .orElse(null);
    }
}
