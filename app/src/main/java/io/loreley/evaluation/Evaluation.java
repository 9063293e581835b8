package io.loreley.evaluation;

import io.loreley.contract.Role;
import io.loreley.domain.Measurement;
import io.loreley.domain.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluator said of a commit.
 *
 * @param summary one line or paragraph, not blank
 * @param metrics finite, each name once; the objective is among them if the verdict is that it may compete
 * @param logs whatever the evaluator wants kept, a line each
 * @param verdict whether the commit may compete
 * @param feedback what the next agents should read of it, at most {@link io.loreley.domain.Limits#FEEDBACK} characters
 */
public record Evaluation(
        String summary,
        List<Measurement> metrics,
        List<String> logs,
        Verdict verdict,
        @Nullable String feedback) {

    public Evaluation {
        metrics = List.copyOf(metrics);
        logs = List.copyOf(logs);
        Set<String> names = new HashSet<>();
        for (Measurement metric : metrics) {
            if (!names.add(metric.name())) {
                throw Role.EVALUATOR.unreadable(
                        "brought two metrics of the name '%s'. Give one of them another name.".formatted(metric.name()),
                        null);
            }
        }
    }

    /** Of a commit that may compete, without feedback. */
    public Evaluation(String summary, List<Measurement> metrics, List<String> logs) {
        this(summary, metrics, logs, new Verdict.Accepted(), null);
    }

    public Optional<Measurement> metric(String name) {
        return metrics.stream()
                .filter(measurement -> measurement.name().equals(name))
                .findFirst();
    }

    /**
     * The value of a metric that is known to be there.
     *
     * @throws java.util.NoSuchElementException if it is not
     */
    public double value(String metric) {
        return metric(metric).orElseThrow().value();
    }
}
