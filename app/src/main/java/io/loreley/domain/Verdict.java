package io.loreley.domain;

/**
 * Whether a measured candidate may compete. One that may not is recorded with what was measured of it, and never enters
 * the archive.
 */
public sealed interface Verdict {

    /** It went through every stage and meets every requirement. */
    record Accepted() implements Verdict {}

    /** It was stopped after a stage; later stages did not run. */
    record GateFailed(String stage, String reason) implements Verdict {}

    /** It was measured, and breaks a hard constraint, or its evaluator calls it invalid. */
    record ConstraintViolated(String reason) implements Verdict {}

    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /** One line for people. */
    default String describe() {
        return switch (this) {
            case Accepted() -> "accepted";
            case GateFailed(String stage, String reason) -> "stopped after stage '%s': %s".formatted(stage, reason);
            case ConstraintViolated(String reason) -> "invalid: " + reason;
        };
    }
}
