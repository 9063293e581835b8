package io.loreley.scheduler;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;

/** Going on would only spend the budget. Ends the run; the same command begins where it was once the cause is mended. */
public final class SearchImpossibleException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    private SearchImpossibleException(FailureKind kind, String message) {
        super(kind, message + "\nMend what the message names and run the same command again.");
    }

    /** The root commit cannot be measured or embedded, so there is nothing to search from. */
    static SearchImpossibleException withoutRoot(@Nullable FailureKind kind, @Nullable String reason) {
        return new SearchImpossibleException(
                kind == null ? FailureKind.INTERNAL : kind, "There is no root to search from: " + reason);
    }

    /** What a call costs is unknown, and money is limited. */
    static SearchImpossibleException withoutPrice(@Nullable String model) {
        return new SearchImpossibleException(
                FailureKind.CONFIGURATION,
                "budget.cost-usd cannot be kept: what a call of %s cost is not known, so no more jobs are drawn. %s Or limit budget.tokens instead."
                        .formatted(
                                model == null ? "a model that did not say its name" : "the model '" + model + "'",
                                model == null
                                        ? "Name the agent's model and its price; a program of yours says what it cost as cost_usd in its report, 0 for nothing."
                                        : "Name its price under prices:; if that is known, a run was cut off before it said what it used, and the next goes on."));
    }

    /** Job after job failed for a cause that has nothing to do with what was searched. */
    static SearchImpossibleException afterFailures(int jobs, FailureKind kind, @Nullable String lastError) {
        return new SearchImpossibleException(
                kind,
                "The last %d jobs failed for the same cause, so no more are drawn. The last of them: %s"
                        .formatted(jobs, lastError));
    }
}
