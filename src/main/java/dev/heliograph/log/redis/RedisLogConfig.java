package dev.heliograph.log.redis;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Options of the log in Redis: {@code heliograph.redis.*}. The server's address is Quarkus' {@code quarkus.redis.hosts}. */
public interface RedisLogConfig {
    /** First part of every key and announcement channel: 1 to 64 letters, digits and _ . - */
    @WithDefault("heliograph")
    String prefix();

    /** How long a command may take before its caller is told {@code log-timeout} and its connection is replaced; at least 100 ms. */
    @WithDefault("2s")
    Duration timeout();

    /**
     * How long a connection that only listens may be silent before a probe has to come back over it within the timeout; at least 100 ms,
     * and twice as long and the timeout are less than {@code quarkus.redis.tcp.idle-timeout}.
     */
    @WithDefault("5s")
    Duration probeInterval();
}
