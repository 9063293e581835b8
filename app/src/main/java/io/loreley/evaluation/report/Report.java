package io.loreley.evaluation.report;

import io.loreley.domain.Measurement;
import io.loreley.domain.Verdict;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one program said of a candidate.
 *
 * @param summary one line or paragraph, if it gave one
 * @param metrics finite, each name once
 * @param logs whatever it wants kept, a line each
 * @param feedback what it wants the next agents to read, if anything
 * @param verdict accepted, unless the program itself says that the candidate is not valid
 */
public record Report(
        @Nullable String summary,
        List<Measurement> metrics,
        List<String> logs,
        @Nullable String feedback,
        Verdict verdict) {

    public Report {
        metrics = List.copyOf(metrics);
        logs = List.copyOf(logs);
        summary = summary == null || summary.isBlank() ? null : summary.strip();
        feedback = feedback == null || feedback.isBlank() ? null : feedback.strip();
    }

    /** The same in other words, but for the verdict's. */
    public Report with(UnaryOperator<String> words) {
        return new Report(
                summary == null ? null : words.apply(summary),
                metrics,
                logs.stream().map(words).toList(),
                feedback == null ? null : words.apply(feedback),
                verdict);
    }
}
