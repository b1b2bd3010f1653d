package dev.heliograph.problem;

/** Where a failure comes from; clients choose their reaction by it. */
enum Category {
    NETWORK,
    VALIDATION,
    AUTHENTICATION,
    AUTHORIZATION,
    SERVER,
    TIMEOUT,
    UNKNOWN
}
