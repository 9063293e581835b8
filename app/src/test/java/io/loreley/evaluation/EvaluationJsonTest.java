package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Direction;
import io.loreley.domain.Json;
import io.loreley.domain.Measurement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationJsonTest {

    @Test
    void an_evaluation_survives_being_stored() {
        Evaluation evaluation = new Evaluation(
                "1.42 s",
                List.of(
                        new Measurement("seconds", 1.42, "s", Direction.MINIMIZE, Map.of("runs", List.of(1.41, 1.43))),
                        new Measurement("tests", 64, null, Direction.MAXIMIZE, Map.of())),
                List.of("warm-up", ""));

        String stored = Json.write(EvaluationJson.of(evaluation));

        assertThat(EvaluationJson.read(Json.values("the result", Json.parse(stored.getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo(evaluation);
    }
}
