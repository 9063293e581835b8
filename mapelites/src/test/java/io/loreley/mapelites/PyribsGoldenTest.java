package io.loreley.mapelites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The grid archive against what pyribs answered to the same calls. */
class PyribsGoldenTest {

    static Stream<JsonNode> grids() {
        return StreamSupport.stream(
                Golden.read("pyribs_index_of.json").get("cases").spliterator(), false);
    }

    /** A batch of pyribs sees the thresholds as they were before it, so only single additions compare. */
    static Stream<JsonNode> sequences() {
        return StreamSupport.stream(
                        Golden.read("pyribs_add_sequences.json")
                                .get("sequences")
                                .spliterator(),
                        false)
                .filter(sequence -> sequence.get("name").stringValue().startsWith("single"));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void cells_are_those_of_pyribs(JsonNode grid) {
        var archive = new GridArchive<String>(settings(grid.get("config")));
        JsonNode measures = grid.get("measures");
        assertThat(measures.size()).isPositive();
        for (int i = 0; i < measures.size(); i++) {
            double[] point = Golden.numbers(measures.get(i));
            assertThat(archive.cellOf(Vector.of(point)))
                    .as("cell of %s", measures.get(i))
                    .isEqualTo(grid.get("index").get(i).longValue());
        }
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void placements_are_those_of_pyribs(JsonNode sequence) {
        var archive = new GridArchive<String>(settings(sequence.get("config")));
        for (JsonNode step : sequence.get("steps")) {
            String solution = step.get("commit_hash").get(0).stringValue();
            double objective = Golden.number(step.get("objective").get(0));
            double[] measures = Golden.numbers(step.get("measures").get(0));
            if (step.get("error").isNull()) {
                assertSame(step, archive.place(solution, objective, Vector.of(measures)), archive);
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> archive.place(solution, objective, Vector.of(measures)));
            }
            if (step.has("stats")) {
                assertSame(step.get("stats"), archive.statistics());
            }
        }
        assertThat(archive.elites()).isNotEmpty();
    }

    private static void assertSame(JsonNode step, Placement<String> placement, Archive<String> archive) {
        int status = switch (placement) {
            case Placement.Rejected<String> _ -> 0;
            case Placement.Improved<String> _ -> 1;
            case Placement.Discovered<String> _ -> 2;
        };
        assertThat(status).isEqualTo(step.get("status").get(0).intValue());
        assertThat(placement.cell()).isEqualTo(step.get("index").get(0).longValue());
        assertClose(placement.value(), Golden.number(step.get("value").get(0)));
        JsonNode threshold = step.get("cell_threshold_after").get(0);
        if (threshold.isNull()) {
            assertThat(archive.elite(placement.cell())).isEmpty();
        } else {
            assertClose(archive.threshold(placement.cell()), Golden.number(threshold));
        }
    }

    private static void assertSame(JsonNode expected, Statistics actual) {
        assertThat(actual.elites()).isEqualTo(expected.get("num_elites").intValue());
        assertClose(actual.coverage(), expected.get("coverage").doubleValue());
        assertClose(actual.qdScore(), expected.get("qd_score").doubleValue());
        if (expected.get("obj_max").isNull()) {
            assertThat(actual.best()).isEmpty();
        } else {
            assertClose(actual.best().orElseThrow(), expected.get("obj_max").doubleValue());
        }
    }

    private static void assertClose(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
    }

    private static GridSettings settings(JsonNode config) {
        List<double[]> ranges = List.of(Golden.rows(config.get("ranges")));
        return new GridSettings(
                DoubleStream.of(Golden.numbers(config.get("dims")))
                        .mapToObj(cells -> (int) cells)
                        .toList(),
                ranges.stream().map(range -> range[0]).toList(),
                ranges.stream().map(range -> range[1]).toList(),
                config.path("learning_rate").asDouble(1),
                config.has("threshold_min") ? Golden.number(config.get("threshold_min")) : Double.NEGATIVE_INFINITY,
                config.get("epsilon").doubleValue(),
                config.path("qd_score_offset").asDouble(0));
    }
}
