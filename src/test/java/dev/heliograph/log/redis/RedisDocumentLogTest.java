package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import org.junit.jupiter.api.BeforeAll;

/** The contract of documents on the best Redis that this machine offers. */
class RedisDocumentLogTest extends RedisDocumentLogContract {
    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }
}
