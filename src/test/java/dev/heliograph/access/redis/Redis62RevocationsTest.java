package dev.heliograph.access.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The oldest Redis that is supported. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the 6.2 binary is for Linux on amd64")
class Redis62RevocationsTest extends RedisRevocationsTest {
    @Override
    RedisServer startServer() {
        return RedisServer.embedded62();
    }
}
