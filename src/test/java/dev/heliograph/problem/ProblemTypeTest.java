package dev.heliograph.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {
    /** Clients decide by these: slug, status, category, severity, and whether to try again. */
    private static final Map<String, String> TABLE =
            """
            malformed-json           400 validation    low      false
            invalid-utf8             400 validation    low      false
            invalid-request          400 validation    low      false
            unknown-request          400 validation    low      false
            invalid-channel          400 validation    low      false
            unknown-namespace        404 validation    low      false
            unknown-type             400 validation    low      false
            invalid-data             400 validation    low      false
            invalid-cursor           400 validation    low      false
            event-too-large          413 validation    low      false
            batch-too-large          413 validation    low      false
            body-too-large           413 validation    low      false
            unsupported-media-type   415 validation    low      false
            unsupported-transfer-coding  501 validation    low      false
            no-event                 404 validation    low      false
            no-document              404 validation    low      false
            invalid-patch            400 validation    low      false
            patch-not-applicable     409 validation    low      false
            invalid-document         422 validation    low      false
            document-too-large       413 validation    low      false
            idempotency-key-reused   422 validation    low      false
            precondition-required    428 validation    low      false
            precondition-failed      412 validation    low      true
            document-busy            503 server        medium   true
            document-store-full      507 server        high     true
            revocations-full         507 server        high     true
            not-found                404 validation    low      false
            method-not-allowed       405 validation    low      false
            upgrade-required         426 validation    low      false
            frame-too-large          413 validation    medium   false
            broken-frame             400 validation    medium   false
            binary-frame             400 validation    low      false
            already-subscribed       409 validation    low      false
            not-subscribed           404 validation    low      false
            unknown-session          404 validation    low      false
            too-many-channels        400 validation    medium   false
            unauthenticated          401 authentication medium   false
            invalid-token            401 authentication medium   false
            token-expired            401 authentication low      false
            token-revoked            401 authentication medium   false
            keys-unavailable         503 network       high     true
            forbidden                403 authorization medium   false
            publish-not-allowed      403 authorization medium   false
            origin-not-allowed       403 authorization medium   false
            rate-exceeded            429 validation    medium   true
            overloaded               503 server        high     true
            draining                 503 server        low      true
            log-unavailable          503 network       high     true
            log-timeout              504 timeout       high     true
            internal                 500 unknown       critical true
            """
                    .lines()
                    .map(row -> row.split(" +", 2))
                    .collect(Collectors.toMap(row -> row[0], row -> row[1].replaceAll(" +", " ")));

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void membersForDecisionsStayTheSame(ProblemType type) {
        Map<String, Object> members = Problem.of(type, "").members();

        assertThat(members).containsEntry("type", "urn:heliograph:problem:" + type.slug());
        assertThat(members.get("status") + " " + members.get("category") + " " + members.get("severity") + " "
                        + members.get("retryable"))
                .isEqualTo(TABLE.get(type.slug()));
    }
}
