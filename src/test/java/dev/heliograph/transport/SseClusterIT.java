package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class SseClusterIT extends ClusterScenarios {
    @Override
    Wire wire() {
        return Wire.SSE;
    }
}
