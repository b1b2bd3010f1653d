package dev.heliograph.node;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;

/**
 * Warns if epoll cannot be used on Linux, because otherwise nobody notices that each delivery costs more. For example Netty cannot unpack its
 * library on a disk that is read-only.
 */
final class NativeTransport {
    void warn(@Observes StartupEvent start, Vertx vertx) {
        if (System.getProperty("os.name").startsWith("Linux") && !vertx.isNativeTransportEnabled()) {
            Log.warnf(
                    "The network library for epoll cannot be used (%s), so NIO is used, and each delivery costs more",
                    vertx.unavailableNativeTransportCause());
        }
    }
}
