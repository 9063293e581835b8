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
        CentredSample sample = CentredSample.of(Golden.rows(golden.get("X")));
        PrincipalComponents found = fit(golden, sample);

        assertThat(sample.mean()).containsExactly(Golden.numbers(golden.get("mean")), within(1e-12));
        double[] variances = Golden.numbers(golden.get("explained_variance"));
        double[] ratios = Golden.numbers(golden.get("explained_variance_ratio"));
        double[][] components = Golden.rows(golden.get("components_v_based"));
        for (int i = 0; i < found.count(); i++) {
            assertThat(found.variance(i)).isCloseTo(variances[i], within(1e-11));
            assertThat(found.variance(i) / sample.totalVariance()).isCloseTo(ratios[i], within(1e-11));
            assertThat(found.component(i)).containsExactly(components[i], within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pca_32x8_min_fit.json", "pca_64x16.json"})
    void whitened_scores_are_those_of_scikit_learn(String file) {
        JsonNode golden = Golden.read(file);
        CentredSample sample = CentredSample.of(Golden.rows(golden.get("X")));
        PrincipalComponents found = fit(golden, sample);
        double[][] queries = Golden.rows(golden.get("query"));
        double[][] whitened = Golden.rows(golden.get("transformed_query_whitened_v_based"));
        for (int i = 0; i < queries.length; i++) {
            Linear.add(queries[i], -1, sample.mean());
            for (int k = 0; k < found.count(); k++) {
                double score = Linear.dot(queries[i], found.component(k)) / Math.sqrt(found.variance(k));
                assertThat(score).isCloseTo(whitened[i][k], within(1e-8));
            }
        }
    }

    private static PrincipalComponents fit(JsonNode golden, CentredSample sample) {
        return PrincipalComponents.of(sample, golden.get("n_components").intValue(), new SplittableRandom(1));
    }
}
