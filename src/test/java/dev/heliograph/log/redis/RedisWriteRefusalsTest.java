package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is said of the newest Redis there is that refuses writes. */
class RedisWriteRefusalsTest extends WriteRefusalsContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.startProcess(false);
    }

    /** Redis 6.2 lets scripts write all the same. */
    @Test
    void saysThatReplicasAreMissing() {
        saysOnce(
                "NOREPLICAS Not enough good replicas to write",
                "noreplicas",
                () -> set("min-replicas-to-write", "1"),
                () -> set("min-replicas-to-write", "0"));
    }
}
