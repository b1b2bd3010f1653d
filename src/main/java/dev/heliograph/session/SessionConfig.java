package dev.heliograph.session;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of one client's connection: {@code heliograph.session.*}. */
public interface SessionConfig {
    /** How many channels one connection may listen to, at least 1. */
    @WithDefault("128")
    int maxChannels();

    /** How many requests a connection may send in one second, in the long run; at least 1. */
    @WithDefault("100")
    int requestsPerSecond();

    /** How many requests it may send at once; at least 1. */
    @WithDefault("300")
    int requestBurst();

    /** How many bytes of requests and other frames it may send in one second, in the long run; at least 1. */
    @WithDefault("2M")
    MemorySize bytesPerSecond();

    /** How many bytes it may send at once; at least 1. */
    @WithDefault("20M")
    MemorySize byteBurst();

    /** How many requests beyond either rate are answered with an error before the connection is closed. */
    @WithDefault("100")
    int refusalsBeforeClose();

    /** How many requests may wait for an answer at the same time; at least 1. */
    @WithDefault("256")
    int maxRequestsUnderWay();

    /**
     * Within what time of a shutdown the clients are told to connect again, each at a moment of its own; zero, or less than
     * {@code quarkus.shutdown.delay}.
     */
    @WithDefault("0s")
    Duration drainWindow();

    /** How often an event stream gets a comment, so that proxies do not think it dead; at least 1 second. */
    @WithDefault("20s")
    Duration heartbeatInterval();

    /** How often a silent client is pinged; at least 1 second. */
    @WithDefault("25s")
    Duration pingInterval();

    /** How long a client may take to answer a ping before the connection is closed; at least 1 second. */
    @WithDefault("10s")
    Duration pingTimeout();

    /**
     * How long after it has opened a WebSocket may do without a token and a subscription, in a gateway with keys; at least 1
     * second.
     */
    @WithDefault("10s")
    Duration authenticationTimeout();
}
