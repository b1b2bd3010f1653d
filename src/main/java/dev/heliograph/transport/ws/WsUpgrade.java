package dev.heliograph.transport.ws;

import dev.heliograph.http.route.Sockets;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Keeps hold of the Netty channel of a connection that becomes a WebSocket: pushes go straight to it. */
@Singleton
final class WsUpgrade implements HttpUpgradeCheck {
    static final TypedKey<WsOpening> OPENING = new TypedKey<>("heliograph.opening");

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        context.userData().put(OPENING, WsOpening.begin(Sockets.of(context.httpRequest())));
        return CheckResult.permitUpgrade();
    }
}
