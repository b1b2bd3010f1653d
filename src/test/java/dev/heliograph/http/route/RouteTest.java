package dev.heliograph.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    @ParameterizedTest
    @CsvSource({
        "publish, PUBLISH",
        "publish/batch, PUBLISH_BATCH",
        "channels/orders-1/events, EVENTS",
        "channels/orders-1/latest, LATEST",
        "documents/orders%2F1, DOCUMENT",
        "sessions/abc/refresh, SESSION_REFRESH",
        "cache/invalidate, CACHE_INVALIDATE",
        "cache/orders-1, CACHE_KEY",
        "tickets, TICKETS",
        "revocations, REVOCATIONS",
    })
    void findsRouteOfPath(String path, Route route) {
        assertThat(Route.of("/api/realtime/" + path)).isEqualTo(route);
    }

    @ParameterizedTest
    @EnumSource
    void findsRouteOfItsOwnTemplate(Route route) {
        assertThat(Route.of(route.path())).isEqualTo(route);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/api/realtime",
                "/api/realtime/",
                "/api/realtime/publish/",
                "/api/realtime/cache/",
                "/api/realtime/cache/orders-1/",
                "/api/realtime/documents/",
                "/api/realtime/documents/orders-1/more",
                "/api/realtime/channels//events",
                "/api/realtime/sessions//refresh",
                "/api/realtime/sessions/abc",
                "/api/realtime/channels/events",
                "/api/realtime/channels/orders-1/other",
                "/else/api/realtime/publish",
            })
    void findsNoRouteOfAnotherPath(String path) {
        assertThat(Route.of(path)).isNull();
    }

    @Test
    void countsChangesOfDocumentsAgainstLimitOfPublishers() {
        assertThat(Route.DOCUMENT.limit(HttpMethod.PUT)).isEqualTo(Route.Limit.PUBLISH);
        assertThat(Route.DOCUMENT.limit(HttpMethod.HEAD)).isEqualTo(Route.Limit.POLL);
        assertThat(Route.CACHE.limit(HttpMethod.DELETE)).isEqualTo(Route.Limit.POLL);
    }
}
