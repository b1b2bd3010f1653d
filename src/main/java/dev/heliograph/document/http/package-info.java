/** Documents over HTTP: what requests ask for, and what they are answered. Row 4. */
package dev.heliograph.document.http;
