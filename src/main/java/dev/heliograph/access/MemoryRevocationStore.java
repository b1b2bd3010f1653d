package dev.heliograph.access;

import dev.heliograph.access.Revocation.Kind;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Revocations in the memory of this process. */
final class MemoryRevocationStore implements RevocationStore {
    private final Revocations inForce;

    MemoryRevocationStore(Revocations inForce) {
        this.inForce = inForce;
        inForce.replaceAll(List.of());
    }

    @Override
    public Uni<Void> revoke(Revocation revocation) {
        return Uni.createFrom().item(() -> {
            put(revocation);
            return null;
        });
    }

    private synchronized void put(Revocation revocation) {
        if (!inForce.hasRoomFor(revocation)) {
            // Those that have ended are kept until their room is needed.
            inForce.replaceAll(inForce.list());
        }
        if (!inForce.hasRoomFor(revocation)) {
            throw Revocations.full();
        }
        inForce.put(revocation);
    }

    @Override
    public Uni<Void> lift(Kind kind, String name) {
        return Uni.createFrom().item(() -> {
            remove(kind, name);
            return null;
        });
    }

    private synchronized void remove(Kind kind, String name) {
        inForce.remove(kind, name);
    }
}
