package dev.heliograph.hub;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;

/**
 * The parts of the hub that all lanes share. Any thread may use them.
 *
 * @param probeMetrics of the gateway's own probes, which nobody sees
 */
record LaneParts(
        EventLog log, Feed feed, Audiences audiences, Hub.Config config, HubMetrics metrics, HubMetrics probeMetrics) {
    HubMetrics metricsOf(Channel channel) {
        return channel.equals(Catalogue.PROBES) ? probeMetrics : metrics;
    }
}
