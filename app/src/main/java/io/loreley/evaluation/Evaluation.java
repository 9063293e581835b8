package io.loreley.evaluation;

import io.loreley.domain.Measurement;
import java.util.List;

/**
 * What an evaluator said of a commit.
 *
 * @param summary one line or paragraph, not blank
 * @param metrics finite, each name once, the objective among them
 * @param logs whatever the evaluator wants kept, a line each
 */
public record Evaluation(String summary, List<Measurement> metrics, List<String> logs) {

    public Evaluation {
        metrics = List.copyOf(metrics);
        logs = List.copyOf(logs);
    }

    /**
     * The value of a metric that is known to be there.
     *
     * @throws java.util.NoSuchElementException if it is not
     */
    public double value(String metric) {
        return metrics.stream()
                .filter(measurement -> measurement.name().equals(metric))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
