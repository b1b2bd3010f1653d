/** What all nodes have to know of who may come in, kept in Redis. Row 4. */
package dev.heliograph.access.redis;
