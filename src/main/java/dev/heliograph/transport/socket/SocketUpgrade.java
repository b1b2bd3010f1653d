package dev.heliograph.transport.socket;

import dev.heliograph.http.route.Sockets;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Keeps hold of the Netty channel of a connection that becomes a WebSocket: pushes go straight to it. The last check of all:
 * from here on the connection hears nothing until it is open, so nothing may refuse it.
 */
@Singleton
final class SocketUpgrade implements HttpUpgradeCheck {
    static final TypedKey<SocketOpening> OPENING = new TypedKey<>("heliograph.opening");

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        context.userData().put(OPENING, SocketOpening.begin(Sockets.of(context.httpRequest())));
        return CheckResult.permitUpgrade();
    }
}
