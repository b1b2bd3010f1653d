package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is said of the oldest Redis that is supported that refuses writes. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the 6.2 binary is for Linux on amd64")
class Redis62WriteRefusalsTest extends WriteRefusalsContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.embedded62();
    }
}
