package dev.heliograph.http;

/** Strong entity tags (RFC 9110, section 8.8.3). */
public final class EntityTag {
    private EntityTag() {}

    /** @param cursor of the position that tells one version from the others; it needs no escaping */
    public static String of(String cursor) {
        return '"' + cursor + '"';
    }
}
