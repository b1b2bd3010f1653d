package dev.heliograph.log;

import java.util.Objects;

/**
 * The document that a writer expects to replace.
 *
 * @param version the one version that may be replaced; null: there is no document
 */
public record Expected(Position version) {
    /** There is no document. */
    public static final Expected NOTHING = new Expected(null);

    public static Expected version(Position version) {
        return new Expected(Objects.requireNonNull(version, "version"));
    }

    /** @param present version of the document that is there; null if there is none */
    public boolean allows(Position present) {
        return Objects.equals(version, present);
    }
}
