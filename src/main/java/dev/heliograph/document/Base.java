package dev.heliograph.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The version that a writer began with, as far as the history tells.
 *
 * @param document null if it is not known, or if it was that there is none
 */
record Base(Fate fate, ObjectNode document) {
    enum Fate {
        /** The history still has it. */
        KNOWN,
        /** The history had it, and no longer reaches back. */
        TRIMMED,
        /** It is no version of this document, or of another life of the log. */
        FOREIGN,
        /** The writer named none. */
        NONE
    }

    boolean isKnown() {
        return fate == Fate.KNOWN;
    }

    static Base known(ObjectNode document) {
        return new Base(Fate.KNOWN, document);
    }

    /** @param condition that names no version */
    static Base withoutTag(Condition condition) {
        return condition.isCreation() ? known(null) : lost(Fate.NONE);
    }

    static Base lost(Fate fate) {
        return new Base(fate, null);
    }
}
