package io.loreley.lineage;

import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.Objective;
import io.loreley.store.PastAttempt;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier attempt teaches.
 *
 * @param idea what was tried
 * @param outcome what came of it, in words
 * @param deadEnd whether trying it again would bring the same disappointment
 */
record Lesson(String idea, String outcome, boolean deadEnd) {

    private static final int IDEA = 240;
    /** The beginning of an error says what failed, its end why. */
    private static final int ERROR_HEAD = 100;

    private static final int ERROR_TAIL = 260;
    private static final int WORDS = 200;

    /** Empty if the attempt says nothing on its idea: it never came to that, or the provider failed. */
    static Optional<Lesson> of(PastAttempt attempt, Objective objective) {
        String idea = attempt.plan() != null ? attempt.plan() : attempt.summary();
        if (attempt.failure() != null) {
            return attempt.failure().origin() == FailureKind.Origin.CANDIDATE
                    ? Optional.of(new Lesson(
                            idea == null ? "An attempt that did not say what it was" : idea,
                            failed(attempt.failure(), attempt.error()),
                            true))
                    : Optional.empty();
        }
        if (idea != null && attempt.rejection() != null) {
            return Optional.of(new Lesson(
                    idea,
                    "may not compete: " + Limits.clamp(Limits.oneLine(attempt.rejection()), WORDS) + words(attempt),
                    true));
        }
        return idea == null || attempt.objective() == null
                ? Optional.empty()
                : Optional.of(measured(attempt, idea, attempt.objective(), objective));
    }

    String line() {
        return "%s → %s".formatted(Limits.clamp(Limits.oneLine(idea), IDEA), outcome);
    }

    private static Lesson measured(PastAttempt attempt, String idea, double value, Objective objective) {
        Direction direction = objective.direction();
        @Nullable Double base = attempt.baseObjective();
        boolean better = base != null && direction.oriented(value) > direction.oriented(base);
        String compared = base == null
                ? "%s %s".formatted(objective.metric(), value)
                : "%s %s, %s the base's %s"
                        .formatted(
                                objective.metric(),
                                value,
                                better ? "better than" : value == base ? "the same as" : "worse than",
                                base);
        String words = better ? "" : words(attempt);
        return new Lesson(
                idea, compared + (attempt.kept() ? ", kept" : ", not kept") + words, !better && !attempt.kept());
    }

    private static String words(PastAttempt attempt) {
        return attempt.evaluation() == null ? "" : "; " + Limits.clamp(Limits.oneLine(attempt.evaluation()), WORDS);
    }

    private static String failed(FailureKind kind, @Nullable String error) {
        String what = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String text = Limits.ends(Limits.oneLine(error), ERROR_HEAD, ERROR_TAIL);
        return text.isEmpty() ? what : what + ": " + text;
    }
}
