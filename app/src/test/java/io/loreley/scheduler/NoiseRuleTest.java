package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.loreley.domain.CommitHash;
import io.loreley.scheduler.NoiseRule.Estimate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseRuleTest {

    private static final CommitHash ROOT = new CommitHash("0".repeat(40));

    @Test
    void without_noise_a_greater_value_wins_and_an_equal_one_does_not() {
        NoiseRule rule = new NoiseRule(0.95);

        assertThat(rule.isBetter(new Estimate(1.0001, 1, 0), new Estimate(1, 1, 0), 0))
                .isTrue();
        assertThat(rule.isBetter(new Estimate(1, 1, 0), new Estimate(1, 1, 0), 0))
                .isFalse();
        assertThat(NoiseRule.STRICT.isBetter(new Estimate(1.0001, 2, 9), new Estimate(1, 2, 9), 9))
                .isTrue();
    }

    @Test
    void a_gain_must_exceed_its_standard_error_by_the_quantile_of_the_confidence() {
        NoiseRule rule = new NoiseRule(0.95);
        Estimate incumbent = new Estimate(0, 8, 2);

        // Standard error: sqrt(4 / 8 + 4 / 8) = 1; the 95 % quantile is 1.6449.
        assertThat(rule.isBetter(new Estimate(1.64, 8, 2), incumbent, 0)).isFalse();
        assertThat(rule.isBetter(new Estimate(1.65, 8, 2), incumbent, 0)).isTrue();
    }

    @Test
    void what_was_measured_once_is_as_noisy_as_the_root() {
        NoiseRule rule = new NoiseRule(0.95);

        assertThat(rule.isBetter(new Estimate(2, 1, 0), new Estimate(0, 1, 0), 1))
                .isFalse();
        assertThat(rule.isBetter(new Estimate(2.4, 1, 0), new Estimate(0, 1, 0), 1))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "1, 0.841344746", "1.644853627, 0.95", "3, 0.998650102"})
    void the_normal_distribution_is_that_of_the_tables(double z, double probability) {
        assertThat(NoiseRule.normal(z)).isEqualTo(probability, within(1e-6));
    }

    @Test
    void a_confidence_that_can_never_be_reached_is_refused() {
        assertThatThrownBy(() -> new NoiseRule(1)).hasMessageContaining("not from 0.5 to below 1");
        assertThatThrownBy(() -> new NoiseRule(0.4)).hasMessageContaining("not from 0.5 to below 1");
    }

    @Test
    void an_undecided_contest_has_the_one_that_was_measured_less_often_measured_again() {
        Map<CommitHash, Estimate> known =
                Map.of(ROOT, new Estimate(0, 5, 1), hash(1), new Estimate(1, 4, 1), hash(2), new Estimate(1.1, 1, 0));
        Contest contest = new Contest(new NoiseRule(0.9), 0, ROOT, known::get);

        var close = new Contest.Pair(hash(2), hash(1));
        assertThat(contest.isWon(hash(2), hash(1))).isFalse();
        assertThat(contest.next(Stream.of(close), commit -> !commit.equals(hash(2))))
                .isEmpty();
        assertThat(contest.next(Stream.of(close), _ -> true)).contains(hash(2));
        assertThat(contest.next(Stream.of(close), _ -> true)).isEmpty();
        assertThat(contest.isWon(hash(1), ROOT)).isTrue();
        assertThat(contest.next(Stream.of(new Contest.Pair(hash(1), ROOT)), _ -> true))
                .isEmpty();
    }

    /** The figures of docs/evaluation.md. */
    @Test
    void the_true_best_is_kept_more_often_than_by_plain_improvement_at_as_many_evaluations() {
        Result plain = new Result();
        Result noisy = new Result();
        for (int seed = 0; seed < 500; seed++) {
            plain.add(new Cell(seed, NoiseRule.STRICT).run(200));
            noisy.add(new Cell(seed, new NoiseRule(0.9)).run(200));
        }
        String figures = "plain: %s; at 90 %%: %s".formatted(plain, noisy);

        assertThat(noisy.kept).as(figures).isGreaterThan(plain.kept + 50);
        assertThat(noisy.value).as(figures).isGreaterThan(plain.value);
        System.getLogger("figures").log(System.Logger.Level.INFO, figures);
    }

    private static CommitHash hash(int number) {
        return new CommitHash("%040x".formatted(number));
    }

    /** How often the true best of what was seen was held at the end, and how good what was held truly is. */
    private static final class Result {

        private int runs;
        private int kept;
        private double value;

        private void add(Cell cell) {
            runs++;
            kept += cell.holdsTheTrueBest() ? 1 : 0;
            value += cell.trueValue(cell.holder);
        }

        @Override
        public String toString() {
            return "the true best kept in %.0f %% of %d runs, true value %.2f"
                    .formatted(100.0 * kept / runs, runs, value / runs);
        }
    }

    /**
     * One cell, as an island keeps it. Candidates are as good as chance makes them, with deviation 1; each measurement is off
     * by chance as much again.
     */
    private static final class Cell {

        private final RandomGenerator candidates;
        private final RandomGenerator noise;
        private final Map<CommitHash, double[]> measured = new LinkedHashMap<>();
        private final Contest contest;
        private CommitHash holder = ROOT;

        private Cell(int seed, NoiseRule rule) {
            candidates = new SplittableRandom(seed);
            noise = new SplittableRandom(~seed);
            contest = new Contest(rule, 0, ROOT, this::estimate);
        }

        private Cell run(int evaluations) {
            measured.put(ROOT, new double[] {0, 0, 0, 0});
            for (int i = 0; i < 5; i++) {
                measure(ROOT);
            }
            for (int i = 5; i < evaluations; i++) {
                Optional<CommitHash> again = contest.next(rivals(), _ -> true);
                CommitHash commit = again.orElseGet(() -> hash(measured.size()));
                measured.computeIfAbsent(commit, _ -> new double[] {candidates.nextGaussian(), 0, 0, 0});
                measure(commit);
                if (again.isPresent()) {
                    measured.keySet().forEach(this::challenge);
                } else {
                    challenge(commit);
                }
            }
            return this;
        }

        private Stream<Contest.Pair> rivals() {
            return contest.isStrict()
                    ? Stream.empty()
                    : measured.keySet().stream()
                            .filter(commit -> !commit.equals(holder))
                            .filter(commit ->
                                    estimate(commit).value() > estimate(holder).value())
                            .map(commit -> new Contest.Pair(commit, holder));
        }

        private void measure(CommitHash commit) {
            double[] row = row(commit);
            double value = row[0] + noise.nextGaussian();
            row[1]++;
            row[2] += value;
            row[3] += value * value;
            contest.forget(commit);
        }

        private void challenge(CommitHash commit) {
            if (!commit.equals(holder)
                    && estimate(commit).value() > estimate(holder).value()
                    && contest.isWon(commit, holder)) {
                holder = commit;
            }
        }

        private Estimate estimate(CommitHash commit) {
            double[] row = row(commit);
            double mean = row[2] / row[1];
            double squares = Math.max(0, row[3] - row[1] * mean * mean);
            return new Estimate(mean, (int) row[1], row[1] > 1 ? Math.sqrt(squares / (row[1] - 1)) : 0);
        }

        private double[] row(CommitHash commit) {
            return Objects.requireNonNull(measured.get(commit));
        }

        private double trueValue(CommitHash commit) {
            return row(commit)[0];
        }

        private boolean holdsTheTrueBest() {
            return measured.values().stream().mapToDouble(row -> row[0]).max().orElseThrow() == trueValue(holder);
        }
    }
}
