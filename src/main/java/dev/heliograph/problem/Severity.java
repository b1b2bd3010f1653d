package dev.heliograph.problem;

/** The importance of a failure for the client's user. */
public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
