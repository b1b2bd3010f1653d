package dev.heliograph.problem;

import static dev.heliograph.problem.Category.AUTHENTICATION;
import static dev.heliograph.problem.Category.AUTHORIZATION;
import static dev.heliograph.problem.Category.NETWORK;
import static dev.heliograph.problem.Category.SERVER;
import static dev.heliograph.problem.Category.TIMEOUT;
import static dev.heliograph.problem.Category.UNKNOWN;
import static dev.heliograph.problem.Category.VALIDATION;
import static dev.heliograph.problem.Severity.CRITICAL;
import static dev.heliograph.problem.Severity.HIGH;
import static dev.heliograph.problem.Severity.LOW;
import static dev.heliograph.problem.Severity.MEDIUM;

import java.util.Locale;

/**
 * Every kind of failure that a client can get. The constant fixes the slug (its name in kebab case), the HTTP status, the
 * category, the severity, and whether the same request may succeed later.
 */
public enum ProblemType {
    MALFORMED_JSON(400, VALIDATION, LOW, false, "The text is not well-formed JSON"),
    INVALID_UTF8(400, VALIDATION, LOW, false, "The bytes are not well-formed UTF-8"),
    INVALID_REQUEST(400, VALIDATION, LOW, false, "The request has a missing, unknown or wrong member or parameter"),
    UNKNOWN_REQUEST(400, VALIDATION, LOW, false, "No such kind of request"),
    INVALID_CHANNEL(400, VALIDATION, LOW, false, "The channel name is malformed"),
    UNKNOWN_NAMESPACE(404, VALIDATION, LOW, false, "No such namespace"),
    UNKNOWN_TYPE(400, VALIDATION, LOW, false, "The event type is not in the namespace's catalogue"),
    INVALID_DATA(400, VALIDATION, LOW, false, "The event's data is not a JSON object"),
    INVALID_CURSOR(400, VALIDATION, LOW, false, "The cursor is malformed"),
    EVENT_TOO_LARGE(413, VALIDATION, LOW, false, "The event is larger than the namespace allows"),
    BATCH_TOO_LARGE(413, VALIDATION, LOW, false, "The batch has too many events"),
    BODY_TOO_LARGE(413, VALIDATION, LOW, false, "The request body is too large"),
    UNSUPPORTED_TRANSFER_CODING(501, VALIDATION, LOW, false, "The transfer coding is not supported"),
    UNSUPPORTED_MEDIA_TYPE(415, VALIDATION, LOW, false, "The media type is not supported here"),
    NO_EVENT(404, VALIDATION, LOW, false, "No such event is known"),
    NO_DOCUMENT(404, VALIDATION, LOW, false, "There is no document under this channel"),
    INVALID_PATCH(400, VALIDATION, LOW, false, "The patch is not well-formed"),
    PATCH_NOT_APPLICABLE(409, VALIDATION, LOW, false, "The patch does not fit the document"),
    INVALID_DOCUMENT(422, VALIDATION, LOW, false, "The patch leaves something that is no document"),
    DOCUMENT_TOO_LARGE(413, VALIDATION, LOW, false, "The document is too large"),
    IDEMPOTENCY_KEY_REUSED(422, VALIDATION, LOW, false, "The idempotency key belongs to another change"),
    PRECONDITION_REQUIRED(428, VALIDATION, LOW, false, "A change must say which version it changes"),
    PRECONDITION_FAILED(412, VALIDATION, LOW, true, "The document is at another version"),
    DOCUMENT_BUSY(503, SERVER, MEDIUM, true, "Too many writers change the document at the same time"),
    DOCUMENT_STORE_FULL(507, SERVER, HIGH, true, "There is no room for more documents"),
    REVOCATIONS_FULL(507, SERVER, HIGH, true, "There is no room for more revocations"),
    NOT_FOUND(404, VALIDATION, LOW, false, "There is nothing at this address"),
    METHOD_NOT_ALLOWED(405, VALIDATION, LOW, false, "The method is not allowed at this address"),
    UPGRADE_REQUIRED(426, VALIDATION, LOW, false, "This address speaks only WebSocket"),
    FRAME_TOO_LARGE(413, VALIDATION, MEDIUM, false, "The WebSocket frame or message is too long"),
    BROKEN_FRAME(400, VALIDATION, MEDIUM, false, "The WebSocket frame breaks the protocol"),
    BINARY_FRAME(400, VALIDATION, LOW, false, "Only text frames are understood"),
    ALREADY_SUBSCRIBED(409, VALIDATION, LOW, false, "The connection already listens to this channel"),
    NOT_SUBSCRIBED(404, VALIDATION, LOW, false, "The connection does not listen to this channel"),
    UNKNOWN_SESSION(404, VALIDATION, LOW, false, "There is no such event stream"),
    TOO_MANY_CHANNELS(400, VALIDATION, MEDIUM, false, "More channels than one connection or request may listen to"),
    UNAUTHENTICATED(401, AUTHENTICATION, MEDIUM, false, "The request does not say who makes it"),
    INVALID_TOKEN(401, AUTHENTICATION, MEDIUM, false, "The token, key or ticket is not valid here"),
    TOKEN_EXPIRED(401, AUTHENTICATION, LOW, false, "The token has expired"),
    TOKEN_REVOKED(401, AUTHENTICATION, MEDIUM, false, "The token or key was revoked"),
    KEYS_UNAVAILABLE(503, NETWORK, HIGH, true, "The keys that verify tokens cannot be fetched"),
    FORBIDDEN(403, AUTHORIZATION, MEDIUM, false, "The token or key does not grant this"),
    PUBLISH_NOT_ALLOWED(403, AUTHORIZATION, MEDIUM, false, "Clients may not publish to this namespace"),
    ORIGIN_NOT_ALLOWED(403, AUTHORIZATION, MEDIUM, false, "Web pages of this origin may not use this gateway"),
    RATE_EXCEEDED(429, VALIDATION, MEDIUM, true, "Too many requests in too short a time"),
    OVERLOADED(503, SERVER, HIGH, true, "The gateway has as much work under way as it can hold"),
    DRAINING(503, SERVER, LOW, true, "This node is shutting down"),
    LOG_UNAVAILABLE(503, NETWORK, HIGH, true, "The event log cannot be reached"),
    LOG_TIMEOUT(504, TIMEOUT, HIGH, true, "The event log did not answer in time"),
    INTERNAL(500, UNKNOWN, CRITICAL, true, "The gateway failed in a way nobody foresaw");

    private final int status;
    private final Category category;
    private final Severity severity;
    private final boolean retryable;
    private final String title;

    ProblemType(int status, Category category, Severity severity, boolean retryable, String title) {
        this.status = status;
        this.category = category;
        this.severity = severity;
        this.retryable = retryable;
        this.title = title;
    }

    /** The last part of the type URI, e.g. {@code unknown-namespace}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status code (RFC 9110, section 15). */
    public int status() {
        return status;
    }

    public Category category() {
        return category;
    }

    public Severity severity() {
        return severity;
    }

    /** Whether the same request, unchanged, may succeed later. */
    public boolean isRetryable() {
        return retryable;
    }

    /** One sentence for people; the same for every occurrence (RFC 9457, section 3.1.3). */
    public String title() {
        return title;
    }
}
