package io.loreley.mapelites.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.loreley.mapelites.Golden;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Principal components against those that scikit-learn found in the same samples. */
class ScikitLearnGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"pca_32x8_min_fit.json", "pca_64x16.json"})
    void components_are_those_of_scikit_learn(String file) {
        JsonNode golden = Golden.read(file);
        int count = golden.get("n_components").intValue();
        PrincipalComponents found =
                PrincipalComponents.of(Golden.rows(golden.get("X")), count, new SplittableRandom(1));

        assertThat(found.mean).containsExactly(Golden.numbers(golden.get("mean")), within(1e-12));
        assertThat(found.variances).containsExactly(Golden.numbers(golden.get("explained_variance")), within(1e-11));
        double[][] components = Golden.rows(golden.get("components_v_based"));
        for (int k = 0; k < count; k++) {
            assertThat(found.components[k]).containsExactly(components[k], within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pca_32x8_min_fit.json", "pca_64x16.json"})
    void whitened_scores_are_those_of_scikit_learn(String file) {
        JsonNode golden = Golden.read(file);
        int count = golden.get("n_components").intValue();
        PrincipalComponents found =
                PrincipalComponents.of(Golden.rows(golden.get("X")), count, new SplittableRandom(1));
        double[][] queries = Golden.rows(golden.get("query"));
        double[][] whitened = Golden.rows(golden.get("transformed_query_whitened_v_based"));
        for (int i = 0; i < queries.length; i++) {
            Linear.add(queries[i], -1, found.mean);
            for (int k = 0; k < count; k++) {
                double score = Linear.dot(queries[i], found.components[k]) / Math.sqrt(found.variances[k]);
                assertThat(score).isCloseTo(whitened[i][k], within(1e-8));
            }
        }
    }
}
