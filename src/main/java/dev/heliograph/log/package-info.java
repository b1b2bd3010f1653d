/** Each channel's ordered history and its announcement; one contract, two engines. Row 2. */
package dev.heliograph.log;
