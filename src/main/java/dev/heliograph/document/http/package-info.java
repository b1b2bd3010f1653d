/** Documents over HTTP: what requests ask for, and what they are answered. Row 5. */
package dev.heliograph.document.http;
