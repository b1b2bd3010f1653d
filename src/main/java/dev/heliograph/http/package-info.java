/**
 * What all HTTP requests and answers share: strict parameters, entity tags, how long an answer may be kept, and how many
 * large ones are read at a time. Row 2.
 */
package dev.heliograph.http;
