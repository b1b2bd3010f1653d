package dev.heliograph.log;

import java.util.Objects;

/** What a writer takes for granted about the document that it replaces. */
public record Expected(String text) {
    /** There is no document. */
    public static final Expected NOTHING = new Expected("");
    /** There is a document, of whatever version. */
    public static final Expected ANYTHING = new Expected("*");

    /** @param text empty, {@code *}, or the cursor of the one version that may be replaced */
    public Expected {
        Objects.requireNonNull(text, "text");
    }

    public static Expected version(Position version) {
        return new Expected(version.cursor());
    }

    /** @param version of the document that is there; null if there is none */
    public boolean allows(Position version) {
        if (version == null) {
            return equals(NOTHING);
        }
        return equals(ANYTHING) || text.equals(version.cursor());
    }
}
