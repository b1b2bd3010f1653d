/** Publishing by {@code PUBLISH} in Redis, received by exactly one node for each namespace. Row 4. */
package dev.heliograph.publish.redis;
