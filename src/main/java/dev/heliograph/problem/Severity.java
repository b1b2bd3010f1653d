package dev.heliograph.problem;

/** How much a failure matters to the person in front of the client. */
enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
