package dev.heliograph.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.access.Policy.Decision;
import dev.heliograph.access.Policy.Question;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * Asks the application over HTTP. Retried, with a timeout for each attempt and a circuit breaker; the figures are in the
 * configuration ({@code quarkus.fault-tolerance."dev.heliograph.access.PolicyCalls/ask"}).
 */
@Singleton
class PolicyCalls {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /**
     * After that long an exchange is given up, which the timeout of an attempt does not do: it would keep its place in the
     * bulkhead until the application answers.
     */
    private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(5);

    private static final Duration LEAST_TTL = Duration.ofSeconds(1);
    private static final int MAX_TTL_SECONDS = 86_400;
    private static final int OK = 200;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /** @return fails with {@link IOException} for any answer but a decision, or as the HTTP client does */
    @Retry
    @Timeout
    @CircuitBreaker
    @CircuitBreakerName("policy")
    @Bulkhead
    Uni<Decision> ask(AccessConfig.PolicyConfig config, Question question) {
        var request = HttpRequest.newBuilder(URI.create(config.url().orElseThrow()))
                .timeout(LONGEST_EXCHANGE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(question).toString()));
        config.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return Uni.createFrom()
                .completionStage(() -> http.sendAsync(request.build(), BodyHandlers.ofString()))
                // The timeout of the request ends with the head of its answer.
                .ifNoItem()
                .after(LONGEST_EXCHANGE)
                .fail()
                .map(this::decision);
    }

    private ObjectNode body(Question question) {
        ObjectNode body = json.createObjectNode();
        Identity identity = question.identity();
        body.put("subject", identity == null ? null : identity.subject());
        body.put("key", identity == null ? null : identity.key());
        body.put("action", question.action().wireName());
        body.put("channel", question.channel().name());
        return body;
    }

    private Decision decision(HttpResponse<String> answer) {
        if (answer.statusCode() != OK) {
            throw new NoDecision("answered with status " + answer.statusCode() + ", expected " + OK);
        }
        try {
            JsonNode decision = json.readTree(answer.body());
            JsonNode isAllowed = decision.path("allow");
            JsonNode ttl = decision.path("ttl");
            boolean isTtl =
                    ttl.isMissingNode() || (ttl.isInt() && ttl.intValue() >= 0 && ttl.intValue() <= MAX_TTL_SECONDS);
            if (isAllowed.isBoolean() && isTtl) {
                Duration kept = Duration.ofSeconds(ttl.asInt());
                return new Decision(isAllowed.booleanValue(), kept.compareTo(LEAST_TTL) < 0 ? LEAST_TTL : kept);
            }
        } catch (JsonProcessingException noJson) {
            throw new NoDecision("answered with something that is no JSON", noJson);
        }
        throw new NoDecision(
                "answered without a decision, expected {\"allow\":true} or false, and \"ttl\" in seconds from 0 to "
                        + MAX_TTL_SECONDS);
    }

    /** The application answered, but not what was asked. */
    static final class NoDecision extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoDecision(String what) {
            super(what);
        }

        NoDecision(String what, Throwable cause) {
            super(what, cause);
        }
    }
}
