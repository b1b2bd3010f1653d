package dev.heliograph.log.redis;

import dev.heliograph.fixture.RedisServer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A Redis for all tests of a class, with a prefix for each test. */
public abstract class RunningRedis {
    protected static final Duration LIMIT = Duration.ofSeconds(10);

    /** Null before the first test. */
    protected static RedisServer server;

    protected RedisFixture redis;
    protected RedisLink link;

    @BeforeEach
    protected final void openRedis() {
        if (server == null) {
            server = startServer();
        }
        redis = new RedisFixture(server);
        link = redis.link();
    }

    /** Called once for the class. */
    protected RedisServer startServer() {
        return RedisServer.start();
    }

    @AfterEach
    protected final void closeRedis() {
        redis.close();
    }

    @AfterAll
    protected static void stopServer() {
        server.close();
        server = null;
    }

    protected static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
