/** The common parts of all routes of Vert.x: the reading of requests, and the answers. Row 2. */
package dev.heliograph.http.route;
