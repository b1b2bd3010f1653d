package dev.heliograph.problem;

/** A failure that the client gets as a {@link Problem}. It has no stack trace, because it is an answer and not a bug. */
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** @param cause the cause, for the log only; may be null */
    public ProblemException(Problem problem, Throwable cause) {
        super(problem.detail(), cause, false, false);
        this.problem = problem;
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }

    /** See {@link Problem#inField}. */
    public static ProblemException inField(ProblemType type, String field, Object value, String expected) {
        return new ProblemException(Problem.inField(type, field, value, expected));
    }

    /** See {@link Problem#atFault}. */
    public static ProblemException atFault(ProblemType type, String field, String fault, String expected) {
        return new ProblemException(Problem.atFault(type, field, fault, expected));
    }

    public Problem problem() {
        return problem;
    }

    /** Whether the failure's problem says that the same request may succeed later. */
    public static boolean isRetryable(Throwable failure) {
        return failure instanceof ProblemException told && told.problem.type().isRetryable();
    }
}
