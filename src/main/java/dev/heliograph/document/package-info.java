/** Documents: small shared state with a version, and what to do when two change it at once. Row 5. */
package dev.heliograph.document;
