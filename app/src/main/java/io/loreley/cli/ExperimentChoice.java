package io.loreley.cli;

/** What to do when the project's settings are no longer those that its experiment was started with. */
public enum ExperimentChoice {
    /** Say how they differ, and stop. */
    ASK,
    /** Go on under the stored settings. */
    CONTINUE,
    /** Start another experiment under the new ones. */
    NEW
}
