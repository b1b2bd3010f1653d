package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for revocations, wherever they are kept. */
public abstract class RevocationsContract {
    protected static final Duration LIMIT = Duration.ofSeconds(20);
    protected static final Identity ALICE = new Identity("alice", "t-1", "k", null, Grants.NONE);
    protected static final Identity BOB = new Identity("bob", null, null, null, Grants.NONE);

    /** Is never revoked. */
    protected static final Identity CAROL = new Identity("carol", null, null, null, Grants.NONE);

    protected abstract Revocations inForce();

    protected abstract RevocationStore store();

    @ParameterizedTest
    @EnumSource
    public void refusesWhoIsRevokedAndNobodyElse(Kind kind) {
        now(store().revoke(revocation(kind, kind.of(ALICE), Duration.ofHours(1))));

        assertThatThrownBy(() -> inForce().refuse(ALICE))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.TOKEN_REVOKED));
        assertThatCode(() -> inForce().refuse(BOB)).doesNotThrowAnyException();
    }

    @Test
    public void namesOfOneKindAreNotThoseOfAnother() {
        now(store().revoke(revocation(Kind.KEY, "alice", Duration.ofHours(1))));
        now(store().revoke(revocation(Kind.TOKEN_ID, "alice", Duration.ofHours(1))));

        assertThat(inForce().isRevoked(ALICE)).isFalse();
    }

    @Test
    public void endsByItself() {
        now(store().revoke(revocation(Kind.SUBJECT, "alice", Duration.ofMillis(300))));
        assertThat(inForce().isRevoked(ALICE)).isTrue();

        await().atMost(LIMIT).until(() -> !inForce().isRevoked(ALICE));
        assertThat(inForce().list()).isEmpty();
    }

    @Test
    public void isLifted() {
        now(store().revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));

        now(store().lift(Kind.SUBJECT, "alice"));
        now(store().lift(Kind.SUBJECT, "nobody"));

        assertThat(inForce().isRevoked(ALICE)).isFalse();
    }

    @Test
    public void laterOneTakesThePlaceOfAnEarlierOne() {
        Revocation last = revocation(Kind.SUBJECT, "a b:c \u00e4", Duration.ofMinutes(1));
        now(store().revoke(revocation(Kind.SUBJECT, "a b:c \u00e4", Duration.ofHours(1))));

        now(store().revoke(last));

        assertThat(inForce().list()).containsExactly(last);
    }

    @Test
    public void tellsListenersOfEachOne() {
        var told = new AtomicInteger();
        inForce().whenAdded(told::incrementAndGet);

        now(store().revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));

        assertThat(told.get()).isPositive();
    }

    @Test
    public void refusesOneTooMany() {
        fill(Revocations.MAX);

        assertThatThrownBy(() -> now(store().revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1)))))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.REVOCATIONS_FULL);
                    assertThat(refused.problem().detail()).contains("100000", "expected");
                });
        assertThat(inForce().isRevoked(ALICE)).isFalse();
        assertThatCode(() -> now(store().revoke(revocation(Kind.SUBJECT, "n0", Duration.ofHours(2)))))
                .doesNotThrowAnyException();
    }

    /** As a request of somebody does. */
    protected static void request(Revocations inForce, Identity of) {
        inForce.refuse(of);
    }

    /** Revokes the subjects n0, n1 and so on for an hour. */
    protected abstract void fill(int count);

    protected static Revocation revocation(Kind kind, String name, Duration remaining) {
        return new Revocation(kind, name, Instant.now().plus(remaining));
    }

    protected static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
