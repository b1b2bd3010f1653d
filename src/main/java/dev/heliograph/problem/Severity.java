package dev.heliograph.problem;

/** The importance of a failure for the client's user. */
enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
