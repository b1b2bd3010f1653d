/** What all values share that are kept near: when they are compared with the log, and what its answers say of them. Row 2. */
package dev.heliograph.near;
