package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.cache.CacheConfig;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.hub.Hub;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.publish.redis.RawIngestConfig;
import dev.heliograph.session.SessionConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRangesTest {
    @Test
    void theDefaultsAreWithinTheirRanges() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "hub.linger, PT-1S",
        "hub.lane-queue-entries, 15",
        "hub.page-entries, 0",
        "hub.page-entries, 1001",
        "hub.slow-client-grace, PT0.5S",
        "session.max-channels, 0",
        "session.requests-per-second, 0",
        "session.request-burst, 0",
        "session.bytes-per-second, 0",
        "session.byte-burst, 0",
        "session.refusals-before-close, -1",
        "session.max-requests-under-way, 0",
        "session.ping-timeout, PT0S",
        "session.authentication-timeout, PT0S",
        "ingest.lease-ttl, PT0S",
        "ingest.drain-timeout, PT-1S",
        "ingest.drain-timeout, PT301S",
        "ingest.max-waiting, 0",
        "ingest.max-waiting-bytes, 0",
        "redis.timeout, PT0S",
        "redis.probe-interval, PT0S",
        "documents.stale-after, PT0S",
        "documents.turn-timeout, PT0S",
        "documents.write-timeout, PT5S",
        "documents.write-timeout, PT61S",
        "cache.compare-interval, PT0.9S",
        "cache.compare-interval, PT61M",
        "delivery.probe-interval, PT0.9S",
        "delivery.probe-interval, PT31S"
    })
    void aValueOutOfItsRangeIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> check(Map.of("heliograph." + key, value)))
                .hasMessageContainingAll("heliograph." + key + " is ", "expected");
    }

    @Test
    void brokenDeliveryIsNoticedWithinFifteenSeconds() {
        var defaults = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(RedisEngine.Config.class, "heliograph.redis")
                .withMapping(DeliveryProbe.Config.class, "heliograph.delivery")
                .build();

        assertThat(DeliveryProbe.patience(
                        defaults.getConfigMapping(DeliveryProbe.Config.class, "heliograph.delivery")
                                .probeInterval(),
                        defaults.getConfigMapping(RedisEngine.Config.class, "heliograph.redis")
                                .timeout()))
                .isLessThan(Duration.ofSeconds(15));
    }

    private static void check(Map<String, String> values) {
        var config = new SmallRyeConfigBuilder()
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(Hub.Config.class, "heliograph.hub")
                .withMapping(SessionConfig.class, "heliograph.session")
                .withMapping(RawIngestConfig.class, "heliograph.ingest")
                .withMapping(RedisEngine.Config.class, "heliograph.redis")
                .withMapping(DocumentConfig.class, "heliograph.documents")
                .withMapping(CacheConfig.class, "heliograph.cache")
                .withMapping(DeliveryProbe.Config.class, "heliograph.delivery")
                .withDefaultValues(values)
                .build();
        ConfigRanges.check(config.getConfigMapping(Hub.Config.class, "heliograph.hub"));
        ConfigRanges.check(config.getConfigMapping(SessionConfig.class, "heliograph.session"));
        ConfigRanges.check(config.getConfigMapping(RawIngestConfig.class, "heliograph.ingest"));
        ConfigRanges.check(config.getConfigMapping(RedisEngine.Config.class, "heliograph.redis"));
        ConfigRanges.check(config.getConfigMapping(DocumentConfig.class, "heliograph.documents"));
        ConfigRanges.check(config.getConfigMapping(CacheConfig.class, "heliograph.cache"));
        ConfigRanges.check(config.getConfigMapping(DeliveryProbe.Config.class, "heliograph.delivery"));
    }
}
