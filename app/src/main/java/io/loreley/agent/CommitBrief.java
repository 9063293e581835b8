package io.loreley.agent;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Measurement;
import io.loreley.process.KnownSecrets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent is told of a commit. The commit itself can be read in the work tree's repository by its hash. */
public record CommitBrief(
        CommitHash commit,
        String subject,
        String changeSummary,
        @Nullable String evaluationSummary,
        List<Measurement> metrics,
        List<String> keyFiles,
        List<String> highlights) {

    public CommitBrief {
        metrics = List.copyOf(metrics);
        keyFiles = List.copyOf(keyFiles);
        highlights = List.copyOf(highlights);
    }

    /** Metrics are numbers. */
    CommitBrief masked(KnownSecrets secrets) {
        return new CommitBrief(
                commit,
                secrets.mask(subject),
                secrets.mask(changeSummary),
                evaluationSummary == null ? null : secrets.mask(evaluationSummary),
                metrics,
                secrets.mask(keyFiles),
                secrets.mask(highlights));
    }
}
