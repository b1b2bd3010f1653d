package dev.heliograph.edge;

import io.netty.handler.codec.DateFormatter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Date;

/**
 * Dates every answer (RFC 9110, section 6.6.1) when its head is written, because a poll may have waited for long before.
 */
@Singleton
final class DateHeader {
    /** Any thread may replace it; two threads at once write the same value. */
    private volatile Second last = Second.of(0);

    /** A second since 1970 and its form, made once. */
    private record Second(long number, CharSequence text) {
        static Second of(long number) {
            return new Second(number, HttpHeaders.createOptimized(DateFormatter.format(new Date(number * 1000))));
        }
    }

    void register(@Observes Filters filters) {
        FilterOrder.DATE.register(filters, this::date);
    }

    private void date(RoutingContext context) {
        context.addHeadersEndHandler(ending -> context.response().putHeader(HttpHeaders.DATE, now()));
        context.next();
    }

    private CharSequence now() {
        long second = System.currentTimeMillis() / 1000;
        Second present = last;
        if (present.number != second) {
            present = Second.of(second);
            last = present;
        }
        return present.text;
    }
}
