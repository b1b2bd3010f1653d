package dev.heliograph.edge;

import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Knows the methods of each address. Answers {@code OPTIONS}, other methods with 405 and {@code Allow} (quarkus-rest leaves
 * it out), and unknown addresses below {@code /api/realtime} with 404. Preflights of other origins do not come here.
 */
@Singleton
final class AllowedMethods {
    // docs/decisions.md: `Allow` comes from a table
    void register(@Observes Filters filters) {
        FilterOrder.ALLOWED_METHODS.register(filters, this::check);
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        Route route = Route.of(path);
        if (route == null) {
            if (path.startsWith(Route.ROOT)) {
                // Also an address with one slash too many, which Vert.x would ignore.
                HttpProblem.answer(context, ProblemMapper.ofStatus(404));
            } else {
                context.next();
            }
            return;
        }
        List<HttpMethod> allowed = route.methods();
        HttpMethod method = context.request().method();
        boolean asksWhich = method.equals(HttpMethod.OPTIONS);
        if (allowed.contains(method) && !asksWhich) {
            context.next();
            return;
        }
        String list = String.join(", ", allowed.stream().map(HttpMethod::name).toList());
        HttpServerResponse response = context.response().putHeader(HttpHeaders.ALLOW, list);
        if (asksWhich) {
            if (allowed.contains(HttpMethod.PATCH)) {
                Exchange.acceptPatch(context, route);
            }
            response.setStatusCode(HttpResponseStatus.NO_CONTENT.code()).end();
            return;
        }
        HttpProblem.answer(context, Problem.of(ProblemType.METHOD_NOT_ALLOWED, "this address understands " + list));
    }
}
