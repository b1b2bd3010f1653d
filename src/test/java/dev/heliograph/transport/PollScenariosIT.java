package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class PollScenariosIT extends ListeningScenarios {
    @Override
    Wire wire() {
        return Wire.POLL;
    }
}
