package dev.heliograph.edge;

import dev.heliograph.http.route.Route;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the refusals of the HTTP layer, before any endpoint, into problems. */
@Singleton
final class HttpLayerProblems {
    /** The statuses with which the reader of bodies refuses, without a body: beyond the limit, and an unknown Expect. */
    private static final Set<Integer> SILENT =
            Set.of(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code(), HttpResponseStatus.EXPECTATION_FAILED.code());

    /** Also a segment of one or two dots, which RFC 3986, section 5.2.4, removes. */
    private static final Pattern EMPTY_SEGMENT = Pattern.compile("/(?:\\.|%2[eE]){0,2}(?:/|$)");

    private static final Pattern MEDIA_TYPE = Pattern.compile("[^/;,\\s]+/[^/;,\\s]+\\s*(;.*)?");

    private final long maxBodyBytes;

    HttpLayerProblems(VertxHttpConfig config) {
        maxBodyBytes =
                config.limits().maxBodySize().map(size -> size.asLongValue()).orElse(Long.MAX_VALUE);
    }

    void register(@Observes Filters filters) {
        FilterOrder.LAYER_PROBLEMS.register(filters, this::check);
    }

    /** Answers with problems to failures before any route, and in routes of Vert.x. */
    void register(@Observes Router router) {
        // A name of its own would become the uri of refused requests in metrics; an empty name leaves the endpoint's.
        router.route().setName("").failureHandler(HttpLayerProblems::answerFailure);
    }

    private static void answerFailure(RoutingContext context) {
        if (!context.normalizedPath().startsWith(Route.ROOT) && !isClients(context)) {
            context.next();
            return;
        }
        if (isUnreadable(context)) {
            if (!hasGone(context.failure())) {
                refuseUnread(context, Problem.of(ProblemType.INVALID_REQUEST, "the body of the request is no HTTP"));
            }
            return;
        }
        Problem problem = context.response().headWritten() ? null : problem(context);
        if (problem == null) {
            context.next();
        } else if (problem.type() == ProblemType.BODY_TOO_LARGE) {
            refuseUnread(context, problem);
        } else {
            HttpProblem.answer(context, problem);
        }
    }

    private static boolean isClients(RoutingContext context) {
        return context.statusCode() >= 400 && context.statusCode() < 500;
    }

    /** Whether the request failed before its whole body had come; Vert.x then uses a status that HTTP does not have. */
    private static boolean isUnreadable(RoutingContext context) {
        return context.failure() != null && context.statusCode() == HttpResponseStatus.OK.code();
    }

    /** Whether the client closed the connection in the middle of its request, so that no answer is possible. */
    private static boolean hasGone(Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof IOException;
    }

    /** Null if only a status is known, and another handler has chosen and answered it. */
    private static Problem problem(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure == null) {
            return SILENT.contains(context.statusCode()) ? ProblemMapper.ofStatus(context.statusCode()) : null;
        }
        if (failure instanceof ProblemException || !isClients(context)) {
            return ProblemMapper.toProblem(failure);
        }
        HttpServerRequest request = context.request();
        return request.authority() == null && request.version() != HttpVersion.HTTP_1_0
                ? badHost(request)
                : ProblemMapper.ofStatus(context.statusCode());
    }

    private static Problem badHost(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return Problem.inField(
                ProblemType.INVALID_REQUEST,
                "Host",
                hosts.isEmpty() ? null : String.join(" and ", hosts),
                "the host and port of this gateway, once (RFC 9112, section 3.2)");
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String contentType = request.getHeader(HttpHeaderNames.CONTENT_TYPE);
        Optional<Problem> misframed = request.version() == HttpVersion.HTTP_2
                ? Optional.empty()
                : Pipelining.framing(request).refusal();
        if (misframed.isPresent()) {
            refuseUnread(context, misframed.get());
        } else if (request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
            HttpProblem.answer(context, badHost(request));
        } else if (request.headers().contains("")) {
            HttpProblem.answer(
                    context, Problem.of(ProblemType.INVALID_REQUEST, "a header has no name, expected name: value"));
        } else if (request.path().indexOf(';') >= 0) {
            // It would be cut off as a matrix parameter, and the answer would be that of another channel.
            // docs/decisions.md: `;` in a path is refused
            HttpProblem.answer(
                    context,
                    Problem.inField(
                            ProblemType.INVALID_CHANNEL, "channel", request.path(), "%3B in place of ; in a path"));
        } else if (context.normalizedPath().startsWith(Route.ROOT)
                && EMPTY_SEGMENT.matcher(request.path()).find()) {
            // Otherwise the router would take it for the address without that segment, for example for the whole cache.
            HttpProblem.answer(context, ProblemMapper.ofStatus(HttpResponseStatus.NOT_FOUND.code()));
        } else if (contentLength(request) > maxBodyBytes) {
            refuseUnread(
                    context,
                    Problem.of(
                            ProblemType.BODY_TOO_LARGE,
                            "the body has " + contentLength(request) + " bytes, at most " + maxBodyBytes
                                    + " are read"));
        } else if (contentType != null && !MEDIA_TYPE.matcher(contentType).matches()) {
            HttpProblem.answer(
                    context,
                    Problem.inField(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Type", contentType, "a media type"));
        } else {
            if (context.normalizedPath().startsWith(Route.ROOT)) {
                // Our answers have one form only, and this is better than a 406 (RFC 9110, section 12.5.1).
                // docs/decisions.md: `Accept` is not read
                request.headers().remove(HttpHeaderNames.ACCEPT);
            }
            context.next();
        }
    }

    /** Answers before the body has come. Closing is for HTTP/1.1 alone: other streams share a connection of HTTP/2. */
    private static void refuseUnread(RoutingContext context, Problem problem) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            // Drops the rest of the body. RST_STREAM (RFC 9113, section 8.1) would prevent it, but Java's client then
            // waits.
            // docs/decisions.md: A body beyond the limit closes HTTP/1.1, and is dropped over HTTP/2
            HttpProblem.answer(context, problem);
            request.resume();
        } else {
            context.response().putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            HttpProblem.answer(context, problem)
                    .onComplete(answered -> request.connection().close());
        }
    }

    /** @return 0 if the header is missing or no number; the reader of the body then has to count */
    private static long contentLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
