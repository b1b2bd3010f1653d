package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** All or nothing on the oldest Redis that is supported. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the 6.2 binary is for Linux on amd64")
class Redis62AllOrNothingTest extends AllOrNothingContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.embedded62();
    }
}
