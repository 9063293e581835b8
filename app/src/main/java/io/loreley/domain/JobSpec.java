package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is asked to do, each field bounded by its column.
 *
 * @param goal the first 512 characters of the experiment's goal; the whole goal stands in the experiment
 * @param iterationHint one line on how this job was drawn
 */
@Embeddable
public record JobSpec(
        @Column(length = Limits.GOAL) @Nullable String goal,
        @Column(nullable = false) List<String> constraints,

        @Column(name = "acceptance_criteria", nullable = false)
        List<String> acceptanceCriteria,

        @Column(nullable = false) List<String> notes,
        @Column(nullable = false) List<String> tags,

        @Column(name = "iteration_hint", length = Limits.HINT) @Nullable
        String iterationHint) {

    public JobSpec {
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
        notes = List.copyOf(notes);
        tags = List.copyOf(tags);
    }
}
