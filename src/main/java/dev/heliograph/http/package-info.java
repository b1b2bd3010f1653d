/** What all HTTP requests and answers share: strict parameters, entity tags, how long an answer may be kept. Row 2. */
package dev.heliograph.http;
