package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.Measurement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param reason why the run ended, in words that follow "stopped: "
 * @param rootMetrics what the root commit was measured with
 * @param bestMetrics what the best commit was measured with
 * @param branch the branch that holds the best commit; absent if there is none
 * @param repository where that branch is
 * @param problem why the branch could not be written; the best commit is kept all the same
 * @param continuation the words that go on with it, as a person would type them after the program's name
 */
public record EndReport(
        ExperimentStatus status,
        String reason,
        List<Measurement> rootMetrics,
        List<Measurement> bestMetrics,
        @Nullable String branch,
        String repository,
        @Nullable String problem,
        List<String> continuation) {

    public EndReport {
        rootMetrics = List.copyOf(rootMetrics);
        bestMetrics = List.copyOf(bestMetrics);
        continuation = List.copyOf(continuation);
    }
}
