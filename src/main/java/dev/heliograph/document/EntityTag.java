package dev.heliograph.document;

import dev.heliograph.log.Position;

/** A version as a strong entity tag (RFC 9110, section 8.8.3): the position of its event, in quotes. */
final class EntityTag {
    private EntityTag() {}

    static String of(Position version) {
        return '"' + version.cursor() + '"';
    }
}
