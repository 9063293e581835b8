package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a measured commit, as columns of its card.
 *
 * @param kind which verdict
 * @param stage after which stage it was stopped, if it was
 * @param reason why it may not compete, if it may not
 * @param feedback what the next agents should read of it
 */
@Embeddable
public record Assessment(
        @Column(name = "verdict", nullable = false, length = 24)
        String kind,

        @Column(name = "verdict_stage", length = Limits.STAGE) @Nullable
        String stage,

        @Column(name = "verdict_reason", length = Limits.VERDICT_REASON) @Nullable
        String reason,

        @Column(name = "feedback", length = Limits.FEEDBACK) @Nullable
        String feedback) {

    private static final String ACCEPTED = "ACCEPTED";
    private static final String GATE_FAILED = "GATE_FAILED";
    private static final String CONSTRAINT_VIOLATED = "CONSTRAINT_VIOLATED";

    /** Of a commit that may compete, and of which there is nothing to say. */
    public static Assessment accepted() {
        return of(new Verdict.Accepted(), null);
    }

    /** Texts that are too long for their columns are cut. */
    public static Assessment of(Verdict verdict, @Nullable String feedback) {
        String told = feedback == null || feedback.isBlank() ? null : Limits.clamp(feedback, Limits.FEEDBACK);
        return switch (verdict) {
            case Verdict.Accepted() -> new Assessment(ACCEPTED, null, null, told);
            case Verdict.GateFailed(String stage, String reason) ->
                new Assessment(GATE_FAILED, stage, reason(reason), told);
            case Verdict.ConstraintViolated(String reason) ->
                new Assessment(CONSTRAINT_VIOLATED, null, reason(reason), told);
        };
    }

    private static String reason(String text) {
        return Limits.clamp(Limits.oneLine(text), Limits.VERDICT_REASON);
    }

    public Verdict verdict() {
        String why = reason == null ? "" : reason;
        return switch (kind) {
            case ACCEPTED -> new Verdict.Accepted();
            case GATE_FAILED -> new Verdict.GateFailed(stage == null ? "" : stage, why);
            case CONSTRAINT_VIOLATED -> new Verdict.ConstraintViolated(why);
            default -> throw new IllegalStateException("unknown verdict '%s'. Indicates a bug.".formatted(kind));
        };
    }
}
