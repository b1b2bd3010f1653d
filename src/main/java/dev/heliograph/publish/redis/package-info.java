/** Takes in what backends {@code PUBLISH} in Redis, on exactly one node for each namespace. Row 4. */
package dev.heliograph.publish.redis;
