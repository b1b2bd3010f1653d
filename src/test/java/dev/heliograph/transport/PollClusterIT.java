package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class PollClusterIT extends ClusterScenarios {
    @Override
    Wire wire() {
        return Wire.POLL;
    }
}
