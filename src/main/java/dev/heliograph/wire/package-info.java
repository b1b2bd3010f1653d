/**
 * The JSON of everything that goes out over more than one wire, written once: member names, close codes. Row 3.
 *
 * <p>{@code src/test/resources/wire/vocabulary.json} is the same for clients in other languages; a test holds it against
 * this package.
 */
package dev.heliograph.wire;
