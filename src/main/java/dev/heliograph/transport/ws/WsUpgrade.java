package dev.heliograph.transport.ws;

import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;

/** Keeps hold of the Netty channel of a connection that becomes a WebSocket: pushes go straight to it. */
@Singleton
final class WsUpgrade implements HttpUpgradeCheck {
    static final TypedKey<WsOpening> OPENING = new TypedKey<>("heliograph.opening");

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        var connection = (ConnectionBase) context.httpRequest().connection();
        context.userData().put(OPENING, WsOpening.begin(connection.channel()));
        return CheckResult.permitUpgrade();
    }
}
