package dev.heliograph.access;

import java.util.Map;

/**
 * How many connections a node has of those clients that have many.
 *
 * @param addresses by address
 * @param subjects by {@link Caller#client}, of clients that said who they are
 */
public record Tally(Map<String, Integer> addresses, Map<String, Integer> subjects) {}
