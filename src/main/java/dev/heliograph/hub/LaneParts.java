package dev.heliograph.hub;

import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;

/** The parts of the hub that all lanes share. Any thread may use them. */
record LaneParts(EventLog log, Feed feed, Audiences audiences, Hub.Config config, HubMetrics metrics) {}
