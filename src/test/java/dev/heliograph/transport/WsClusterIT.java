package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class WsClusterIT extends ClusterScenarios {
    @Override
    Wire wire() {
        return Wire.WEB_SOCKET;
    }
}
