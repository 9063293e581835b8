package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Spread;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairedEvaluatorTest {

    private static final CommitHash COMMIT = new CommitHash("c".repeat(40));
    private static final CommitHash BASE = new CommitHash("b".repeat(40));
    private static final Objective SECONDS = new Objective("seconds", Direction.MINIMIZE);
    private static final Candidate CANDIDATE = new Candidate(COMMIT, BASE, "6f1c", "Be fast", 7);

    @TempDir
    Path folder;

    @Test
    void the_base_is_measured_anew_in_the_same_place() throws Exception {
        Evaluation evaluation = paired(false).evaluate(CANDIDATE, this::checkOut, folder);

        assertThat(evaluation.value("seconds")).isEqualTo(3);
        assertThat(evaluation.metric("seconds_vs_base"))
                .hasValue(new Measurement("seconds_vs_base", 1, null, Direction.MAXIMIZE, Map.of("base", 4.0)));
    }

    @Test
    void the_difference_of_a_private_objective_is_private() throws Exception {
        assertThat(paired(true)
                        .evaluate(CANDIDATE, this::checkOut, folder)
                        .metric("seconds_vs_base")
                        .orElseThrow()
                        .isPrivate())
                .isTrue();
    }

    @Test
    void a_commit_without_a_base_is_measured_alone() throws Exception {
        Candidate root = new Candidate(BASE, null, "6f1c", "Be fast", 7);

        assertThat(paired(false).evaluate(root, this::checkOut, folder).metrics())
                .extracting(Measurement::name)
                .containsExactly("seconds");
    }

    @Test
    void a_base_that_fails_costs_the_comparison_and_not_the_candidate() throws Exception {
        Evaluation evaluation = failingFor(FailureKind.EVALUATOR_TIMEOUT).evaluate(CANDIDATE, this::checkOut, folder);

        assertThat(evaluation.metrics()).extracting(Measurement::name).containsExactly("seconds");
        assertThat(evaluation.value("seconds")).isEqualTo(3);
        assertThat(evaluation.logs())
                .containsExactly(
                        "Not compared with its base, which failed when it was measured again: EVALUATOR_TIMEOUT");
    }

    @Test
    void a_machine_that_fails_while_the_base_is_measured_is_told() {
        assertThatThrownBy(() -> failingFor(FailureKind.STORAGE).evaluate(CANDIDATE, this::checkOut, folder))
                .hasFieldOrPropertyWithValue("kind", FailureKind.STORAGE);
    }

    /** Measures the candidate, and then fails. */
    private static Evaluator failingFor(FailureKind kind) {
        Evaluator reading = (candidate, checkout, scratch) -> {
            if (candidate.again()) {
                throw new LoreleyException(kind, "the base failed");
            }
            return new Evaluation(
                    "read", List.of(new Measurement("seconds", 3, "s", Direction.MINIMIZE, Map.of())), List.of());
        };
        return new PairedEvaluator(reading, SECONDS);
    }

    /** Reads what is checked out; a base is asked for again, so that no memory answers. */
    private static Evaluator paired(boolean isPrivate) {
        Evaluator reading = (candidate, checkout, scratch) -> {
            assertThat(candidate.again()).isEqualTo(scratch.endsWith("base"));
            double seconds =
                    Double.parseDouble(read(checkout.of(candidate.commit()).resolve("seconds")));
            return new Evaluation(
                    "read",
                    List.of(new Measurement(
                            "seconds", seconds, "s", Direction.MINIMIZE, Map.of(), Spread.SINGLE, isPrivate)),
                    List.of());
        };
        return new PairedEvaluator(reading, SECONDS);
    }

    private Path checkOut(CommitHash commit) {
        try {
            Files.writeString(folder.resolve("seconds"), commit.equals(COMMIT) ? "3" : "4");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
