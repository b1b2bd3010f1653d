package dev.heliograph.problem;

/** Where a failure comes from; clients choose their reaction by it. */
public enum Category {
    NETWORK,
    VALIDATION,
    AUTHENTICATION,
    AUTHORIZATION,
    SERVER,
    TIMEOUT,
    UNKNOWN
}
