package dev.heliograph.transport;

import dev.heliograph.fixture.Wire;

class WsScenariosIT extends ListeningScenarios {
    @Override
    Wire wire() {
        return Wire.WEB_SOCKET;
    }
}
