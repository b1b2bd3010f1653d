package dev.heliograph.publish.redis;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;

/** Raw ingest as a test wants it. */
record IngestOptions(Duration leaseTtl, int maxWaiting, int maxWaitingByteCount) implements RawIngestConfig {
    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public Duration drainTimeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public MemorySize maxWaitingBytes() {
        return new MemorySize(BigInteger.valueOf(maxWaitingByteCount));
    }
}
