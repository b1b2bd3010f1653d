package dev.heliograph.access;

import dev.heliograph.access.Revocation.Kind;
import io.smallrye.mutiny.Uni;

/** Where revocations are kept for all nodes. Any thread may call; nothing blocks. */
public interface RevocationStore {
    /** Keeps them as long as this process runs. */
    static RevocationStore inMemory(Revocations inForce) {
        return new MemoryRevocationStore(inForce);
    }

    /**
     * Takes the place of an earlier one of the same name.
     *
     * @return completes when it is kept, and in force on this node; fails with {@code revocations-full}
     */
    Uni<Void> revoke(Revocation revocation);

    /** Ends a revocation, if there is one. Completes when it is in force no more on this node. */
    Uni<Void> lift(Kind kind, String name);
}
