package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.evaluation.Evaluator;
import org.jspecify.annotations.Nullable;

/**
 * Who measures commits.
 *
 * @param evaluator measures every one
 * @param holdout measures the bests, and is heard by no agent; absent where the settings name none
 */
public record Examiners(Evaluator evaluator, @Nullable Evaluator holdout) {

    Evaluator requireHoldout() {
        if (holdout == null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "The job asks for the hold-out, and this worker's settings name none: give all processes the same evaluator.holdout.");
        }
        return holdout;
    }
}
