package dev.heliograph.transport.sse;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Identity;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.session.Sessions;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/** {@code POST /api/realtime/sessions/{id}/refresh}: gives an open event stream the newer token of the request. */
@Singleton
final class SseRefreshEndpoint {
    private static final String ID = "id";

    private final Sessions sessions;
    private final SseRefreshes refreshes;

    SseRefreshEndpoint(Sessions sessions, SseRefreshes refreshes) {
        this.sessions = sessions;
        this.refreshes = refreshes;
    }

    void register(@Observes Router router) {
        router.post(Route.SESSION_REFRESH.pattern()).handler(this::refresh);
    }

    private void refresh(RoutingContext context) {
        Query.read(context.queryParams(), Set.of(), Set.of());
        Caller caller = Exchange.caller(context);
        // A gateway without keys asks nobody, and none of its streams has an id.
        Identity newer = caller.identity()
                .orElseThrow(() -> sessions.asksCallers() ? unauthenticated() : SseRefreshes.unknown());
        Exchange.answer(context, refreshes.refresh(context.pathParam(ID), newer), done -> context.response()
                .setStatusCode(HttpResponseStatus.NO_CONTENT.code())
                .end());
    }

    private static ProblemException unauthenticated() {
        return ProblemException.of(
                ProblemType.UNAUTHENTICATED, "a refresh needs a newer token of the one who opened the event stream");
    }
}
