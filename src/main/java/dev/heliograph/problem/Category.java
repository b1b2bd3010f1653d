package dev.heliograph.problem;

/** The origin of a failure; clients choose their reaction by it. */
enum Category {
    NETWORK,
    VALIDATION,
    AUTHENTICATION,
    AUTHORIZATION,
    SERVER,
    TIMEOUT,
    UNKNOWN
}
