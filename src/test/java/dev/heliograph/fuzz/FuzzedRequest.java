package dev.heliograph.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.http.route.Route;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a request as the HTTP layer hands it on: the first line of an input is the address, each further one a header.
 *
 * @param address with its query
 * @param parameters of the query, decoded
 */
public record FuzzedRequest(String address, MultiMap parameters, MultiMap headers) {
    private static final int MAX_PARAMETERS = 1024;

    /** Empty if the HTTP layer would refuse it: an escape is malformed, or it has control characters. */
    static Optional<FuzzedRequest> of(String input) {
        String[] lines = input.split("\n", -1);
        if (input.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' || c == 0x7F)) {
            return Optional.empty();
        }
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        try {
            // A semicolon is a legal character of channel names.
            new QueryStringDecoder(lines[0], UTF_8, true, MAX_PARAMETERS, true)
                    .parameters()
                    .forEach(parameters::add);
        } catch (IllegalArgumentException malformedEscape) {
            return Optional.empty();
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.add(
                        lines[i].substring(0, colon),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return Optional.of(new FuzzedRequest(lines[0], parameters, headers));
    }

    /** As the filters of the front door have it. */
    public RoutingContext ofVertxWeb() {
        return (RoutingContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RoutingContext.class},
                (proxy, method, arguments) -> Map.<String, Object>of(
                                "request", ofVertx(), "normalizedPath", Route.POLL.path())
                        .get(method.getName()));
    }

    /** As Vert.x has it; only what the parsers of the gateway ask for. */
    public HttpServerRequest ofVertx() {
        return (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> Map.<String, Object>of(
                                "uri", address, "params", parameters, "headers", headers)
                        .get(method.getName()));
    }
}
