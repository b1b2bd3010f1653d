package dev.heliograph.edge;

import dev.heliograph.http.route.Exchange;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Writes a problem as the answer to a request that no endpoint of quarkus-rest has seen. */
final class HttpProblem {
    private HttpProblem() {}

    /** @return completes when the answer is written */
    static Future<Void> answer(RoutingContext context, Problem problem) {
        ProblemCount.counted(problem);
        HttpServerResponse response = context.response()
                .setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, Problem.CACHE_CONTROL);
        problem.challenge().ifPresent(challenge -> response.putHeader(HttpHeaderNames.WWW_AUTHENTICATE, challenge));
        if (problem.retryAfter() != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfterSeconds()));
        }
        return Exchange.end(context, Buffer.buffer(problem.json()));
    }
}
