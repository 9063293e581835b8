package io.loreley.cli;

import io.loreley.domain.CommitCard;
import io.loreley.domain.ExperimentStatus;
import io.loreley.scheduler.SchedulerLoop;
import org.jspecify.annotations.Nullable;

/**
 * What a run leaves behind, for its last words.
 *
 * @param root absent if the root was never evaluated
 * @param best absent if nothing was
 * @param branch the branch that names the best commit; absent if there is none
 * @param branchHome the repository that holds the branch, as a path or URL
 */
public record RunReport(
        SchedulerLoop.End end,
        ExperimentStatus status,
        @Nullable CommitCard root,
        @Nullable CommitCard best,
        @Nullable String branch,
        String branchHome) {}
