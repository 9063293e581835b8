package io.loreley.worker;

import io.loreley.domain.Experiment;
import io.loreley.domain.Objective;
import java.util.List;

/**
 * What all jobs of an experiment have in common.
 *
 * @param goal the whole goal, however long
 * @param directions how many directions the planner proposes for the cold start; 0 for none
 * @param subfolder the part of the repository that is evolved, relative to its root; empty for all of it
 */
public record ExperimentBrief(
        Experiment experiment,
        String goal,
        List<String> constraints,
        List<String> acceptanceCriteria,
        Objective objective,
        String subfolder,
        int directions) {

    public ExperimentBrief {
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
    }
}
