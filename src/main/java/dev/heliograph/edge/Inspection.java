package dev.heliograph.edge;

import dev.heliograph.http.route.Exchange;
import dev.heliograph.problem.ProblemException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Lets only admins look into the gateway: metrics, and whatever else Quarkus has below {@code /q}. Health and the OpenAPI
 * document are for all, because probes show no token and the document is no secret.
 */
@Singleton
final class Inspection {
    private static final String ROOT = "/q/";
    private static final Pattern OPEN = Pattern.compile("/q/(health(/.*)?|openapi(\\.[a-z]+)?)");

    void register(@Observes Filters filters) {
        FilterOrder.INSPECTION.register(filters, Inspection::check);
    }

    private static void check(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.startsWith(ROOT) && !OPEN.matcher(path).matches()) {
            try {
                Exchange.caller(context).requireAdmin();
            } catch (ProblemException refused) {
                HttpProblem.answer(context, refused.problem());
                return;
            }
        }
        context.next();
    }
}
