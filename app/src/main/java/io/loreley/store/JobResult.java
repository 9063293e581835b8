package io.loreley.store;

import io.loreley.domain.CommitCard;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.Measurement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that a successful attempt records, written in one transaction with the job's state. */
public record JobResult(
        CommitCard card,
        List<Measurement> metrics,
        JobArtifacts.Paths artifacts,
        @Nullable String planSummary) {

    public JobResult {
        metrics = List.copyOf(metrics);
    }
}
