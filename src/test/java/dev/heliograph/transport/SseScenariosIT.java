package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class SseScenariosIT extends ListeningScenarios {
    @Override
    Wire wire() {
        return Wire.SSE;
    }
}
