package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryRevocationsTest extends RevocationsContract {
    private final Revocations inForce = new Revocations();
    private final RevocationStore store = RevocationStore.inMemory(inForce);

    @Override
    protected Revocations inForce() {
        return inForce;
    }

    @Override
    protected RevocationStore store() {
        return store;
    }

    @Override
    protected void fill(int count) {
        for (int i = 0; i < count; i++) {
            now(store.revoke(revocation(Kind.SUBJECT, "n" + i, Duration.ofHours(1))));
        }
    }

    @Test
    void makesRoomOfThoseThatHaveEnded() {
        now(store.revoke(revocation(Kind.SUBJECT, "ended", Duration.ZERO)));
        fill(Revocations.MAX - 1);

        now(store.revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));

        assertThat(inForce.isRevoked(ALICE)).isTrue();
    }

    @Test
    void refusesEverybodyUntilRevocationsAreKnown() {
        var unknown = new Revocations();
        assertThatThrownBy(() -> unknown.refuse(ALICE))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.KEYS_UNAVAILABLE);

        unknown.replaceAll(List.of());

        unknown.refuse(ALICE);
    }
}
