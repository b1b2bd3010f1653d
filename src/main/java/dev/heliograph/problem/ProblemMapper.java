package dev.heliograph.problem;

import io.quarkus.logging.Log;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns any failure into a {@link Problem}, and a problem into an HTTP answer. */
public final class ProblemMapper {
    /** Returns the problem for the client. An unexpected failure is logged under an id, and the problem has only the id. */
    public static Problem toProblem(Throwable failure) {
        if (failure instanceof ProblemException told) {
            return told.problem();
        }
        String id = UUID.randomUUID().toString();
        Log.errorf(failure, "Unforeseen failure [%s]", id);
        return Problem.of(ProblemType.INTERNAL, "the gateway's log has the cause under the id " + id);
    }

    @ServerExceptionMapper
    Response map(ProblemException failure) {
        return answer(failure.problem()).build();
    }

    @ServerExceptionMapper
    Response map(Throwable failure) {
        return answer(toProblem(failure)).build();
    }

    /** Maps the refusals of the HTTP layer: unknown addresses, methods and media types, and unreadable bodies. */
    @ServerExceptionMapper
    Response map(WebApplicationException failure) {
        Response refusal = failure.getResponse();
        if (refusal.getStatus() < 400) {
            return refusal;
        }
        Problem problem = ofStatus(refusal.getStatus());
        if (problem == null) {
            return map((Throwable) failure);
        }
        Response.ResponseBuilder answer = answer(problem);
        String allowed = refusal.getHeaderString(HttpHeaders.ALLOW);
        return allowed == null
                ? answer.build()
                : answer.header(HttpHeaders.ALLOW, allowed).build();
    }

    /** The problem of a status of the HTTP layer; null if only a failure of ours explains the status. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 404 ->
                Problem.of(
                        ProblemType.NOT_FOUND,
                        "there is nothing at this address, expected one of those that GET /q/openapi lists, without a slash"
                                + " at its end");
            case 405 -> Problem.of(ProblemType.METHOD_NOT_ALLOWED, "the address understands other methods only");
            case 413 -> Problem.of(ProblemType.BODY_TOO_LARGE, "the request body is larger than this server reads");
            case 415 ->
                Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "this address does not read the Content-Type of the request");
            default ->
                status < 500
                        ? Problem.of(ProblemType.INVALID_REQUEST, "the request was refused with status " + status)
                        : null;
        };
    }

    /** Turns a problem into an answer, and counts it. */
    public static Response.ResponseBuilder answer(Problem problem) {
        ProblemCount.counted(problem);
        Response.ResponseBuilder answer = Response.status(problem.type().status())
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, Problem.CACHE_CONTROL)
                .entity(problem.json());
        problem.challenge().ifPresent(challenge -> answer.header(HttpHeaders.WWW_AUTHENTICATE, challenge));
        return problem.retryAfter() == null
                ? answer
                : answer.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds());
    }
}
