package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    @Test
    void two_metrics_of_one_name_are_the_evaluators_fault() {
        var metric = new Measurement("time_vs_base", 1, null, Direction.MAXIMIZE, Map.of());

        assertThatThrownBy(() -> new Evaluation("measured", List.of(metric, metric), List.of()))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT))
                .hasMessageContaining("two metrics of the name 'time_vs_base'");
    }
}
