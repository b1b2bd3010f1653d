package dev.heliograph.node;

import dev.heliograph.document.http.DocumentEndpoint;
import dev.heliograph.problem.Problem;
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
import java.util.Map;
import java.util.Set;

/**
 * Tells which methods an address understands: answers {@code OPTIONS}, and other methods than these with 405 and {@code
 * Allow}, which quarkus-rest leaves out. Preflights of other origins do not come here.
 */
@Singleton
final class AllowedMethods {
    private static final int PRIORITY = 90;

    private static final String ROOT = "/api/realtime/";
    private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final List<HttpMethod> STREAM = List.of(HttpMethod.GET, HttpMethod.OPTIONS);
    private static final List<HttpMethod> POST = List.of(HttpMethod.POST, HttpMethod.OPTIONS);
    private static final List<HttpMethod> DELETE = List.of(HttpMethod.DELETE, HttpMethod.OPTIONS);
    private static final List<HttpMethod> READ_OR_DELETE =
            List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private static final List<HttpMethod> DOCUMENT = List.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

    // docs/decisions.md: `Allow` comes from a table
    private static final Map<String, List<HttpMethod>> OF_PATH = Map.of(
            ROOT + "publish", POST,
            ROOT + "publish/batch", POST,
            ROOT + "sse", STREAM,
            ROOT + "ws", STREAM,
            ROOT + "poll", READ,
            ROOT + "cache", READ_OR_DELETE,
            ROOT + "cache/invalidate", POST);

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        List<HttpMethod> allowed = of(context.normalizedPath());
        HttpMethod method = context.request().method();
        boolean asksWhich = method.equals(HttpMethod.OPTIONS);
        if (allowed == null || (allowed.contains(method) && !asksWhich)) {
            context.next();
            return;
        }
        String list = String.join(", ", allowed.stream().map(HttpMethod::name).toList());
        HttpServerResponse response = context.response().putHeader(HttpHeaders.ALLOW, list);
        if (asksWhich) {
            if (allowed.contains(HttpMethod.PATCH)) {
                response.putHeader(DocumentEndpoint.ACCEPT_PATCH, DocumentEndpoint.PATCH_TYPES);
            }
            response.setStatusCode(HttpResponseStatus.NO_CONTENT.code()).end();
            return;
        }
        HttpProblem.answer(context, Problem.of(ProblemType.METHOD_NOT_ALLOWED, "this address understands " + list));
    }

    /** The paths that this table lists one by one. */
    static Set<String> paths() {
        return OF_PATH.keySet();
    }

    /** The methods that are understood at a path; null if only the endpoints know. */
    static List<HttpMethod> of(String path) {
        List<HttpMethod> exact = OF_PATH.get(path);
        if (exact != null) {
            return exact;
        }
        if (path.startsWith("channels/", ROOT.length()) && path.startsWith(ROOT)) {
            return READ;
        }
        if (path.startsWith("documents/", ROOT.length()) && path.startsWith(ROOT)) {
            return DOCUMENT;
        }
        return path.startsWith("cache/", ROOT.length()) && path.startsWith(ROOT) ? DELETE : null;
    }
}
