/**
 * The common parts of all HTTP requests and answers: strict parameters, entity tags, the freshness of answers, and a limit
 * on large reads. Row 2.
 */
package dev.heliograph.http;
