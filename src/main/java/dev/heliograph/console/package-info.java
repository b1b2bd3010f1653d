/** The control plane as REST resources: what looks at the gateway's own state, and changes it. Row 5. */
package dev.heliograph.console;
