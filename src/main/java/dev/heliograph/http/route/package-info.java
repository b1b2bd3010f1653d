/** What all routes of Vert.x share: how requests are read and answered. Row 2. */
package dev.heliograph.http.route;
