package dev.heliograph.edge;

import dev.heliograph.access.Connections;
import dev.heliograph.access.RateLimit;
import dev.heliograph.access.RateLimits;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Counts every request below {@code /api/realtime}, also handshakes of WebSockets, against its client's limit, and answers
 * a request beyond it with 429. The answers to counted requests have the headers of draft-ietf-httpapi-ratelimit-headers.
 */
@Singleton
final class HttpRateLimits {
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("RateLimit");
    private static final String ALL = "";
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");

    /** A limit that is off has no entry. */
    private final Map<Route.Limit, Counted> limits = new EnumMap<>(Route.Limit.class);

    /** Of all clients together; null: none. */
    private final Counted accept;

    /** A limit with its header, made once, and the number of its refusals. */
    private record Counted(RateLimit limit, CharSequence policyHeader, Counter refusals) {}

    HttpRateLimits(RateLimits limits, MeterRegistry metrics) {
        count(Route.Limit.PUBLISH, limits.publish(), metrics);
        count(Route.Limit.POLL, limits.poll(), metrics);
        count(Route.Limit.CONNECT, limits.connect(), metrics);
        accept = limits.accept().map(limit -> counted(limit, "accept", metrics)).orElse(null);
    }

    void register(@Observes Filters filters) {
        FilterOrder.RATE_LIMITS.register(filters, this::check);
    }

    private void check(RoutingContext context) {
        Counted counted = limitOf(context.normalizedPath(), context.request().method());
        if (counted == null) {
            context.next();
            return;
        }
        RateLimit.Verdict verdict = counted.limit.take(Exchange.caller(context).client());
        HttpServerResponse response =
                context.response().putHeader(POLICY, counted.policyHeader).putHeader(LIMIT, verdict.header());
        if (!verdict.isTaken()) {
            counted.refusals.increment();
            HttpProblem.answer(context, refusal(counted, verdict.retryAfter()));
        } else if (accept != null
                && counted == limits.get(Route.Limit.CONNECT)
                && !accept.limit.take(ALL).isTaken()) {
            accept.refusals.increment();
            HttpProblem.answer(
                    context,
                    Problem.of(
                                    ProblemType.OVERLOADED,
                                    "more clients connect than the limit " + accept.policyHeader
                                            + " of this node allows" + " (q at once, as many again in w seconds)")
                            .retryAfter(Connections.later()));
        } else {
            context.next();
        }
    }

    /** The limit that a request counts against, also at an unknown address; null if there is none. */
    private Counted limitOf(String path, HttpMethod method) {
        if (!path.startsWith(Route.ROOT)) {
            return null;
        }
        Route route = Route.of(path);
        return limits.get(route == null ? Route.Limit.POLL : route.limit(method));
    }

    private static Problem refusal(Counted counted, Duration wait) {
        String detail = "you ask more often than the limit " + counted.policyHeader
                + " allows (q requests at once, as many again in w seconds)";
        return Problem.of(ProblemType.RATE_EXCEEDED, detail).retryAfter(wait);
    }

    private void count(Route.Limit which, Optional<RateLimit> limit, MeterRegistry metrics) {
        limit.ifPresent(it -> limits.put(which, counted(it, which.name().toLowerCase(Locale.ROOT), metrics)));
    }

    private static Counted counted(RateLimit limit, String policy, MeterRegistry metrics) {
        return new Counted(
                limit,
                HttpHeaders.createOptimized(limit.policyHeader()),
                Counter.builder("heliograph_access_refusals")
                        .description("Requests and events beyond a limit")
                        .tag("policy", policy)
                        .register(metrics));
    }
}
