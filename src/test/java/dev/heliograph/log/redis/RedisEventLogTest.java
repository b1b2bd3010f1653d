package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the best Redis that this machine offers. */
class RedisEventLogTest extends RedisEventLogContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }
}
