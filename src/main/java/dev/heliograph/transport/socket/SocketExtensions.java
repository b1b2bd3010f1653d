package dev.heliograph.transport.socket;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Declines {@code x-webkit-deflate-frame}, which Vert.x offers and Quarkus has no key for; {@code permessage-deflate} is
 * declined by {@code application.properties}. Without either, reserved bits break the protocol (RFC 6455, section 5.2).
 */
@Singleton
final class SocketExtensions implements HttpServerOptionsCustomizer {
    // docs/decisions.md: WebSockets are not compressed
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        decline(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        decline(options);
    }

    @Override
    public void customizeDomainSocketServer(HttpServerOptions options) {
        decline(options);
    }

    private static void decline(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false);
    }
}
