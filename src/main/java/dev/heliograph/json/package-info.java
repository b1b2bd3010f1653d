/** JSON text read strictly: well-formed, in UTF-8, bounded, and kept byte for byte. Row 1. */
package dev.heliograph.json;
