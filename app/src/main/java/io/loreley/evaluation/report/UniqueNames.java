package io.loreley.evaluation.report;

import io.loreley.domain.Measurement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A list of metrics in which no name occurs twice. */
final class UniqueNames {

    private UniqueNames() {}

    static List<Measurement> of(List<Measurement> metrics) {
        Set<String> names = new HashSet<>();
        for (Measurement metric : metrics) {
            if (!names.add(metric.name())) {
                throw new IllegalArgumentException("holds the metric '%s' twice".formatted(metric.name()));
            }
        }
        return metrics;
    }
}
