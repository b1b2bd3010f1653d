package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;

/** All or nothing on the newest Redis there is, with the function. */
class RedisAllOrNothingTest extends AllOrNothingContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.startProcess(false);
    }
}
