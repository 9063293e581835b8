package io.loreley.cli.display;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.BudgetUse;
import io.loreley.domain.ExperimentStatus.Improvement;
import io.loreley.domain.ExperimentStatus.Jobs;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as it might be. */
public final class Samples {

    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final CommitHash ROOT = new CommitHash("a".repeat(40));
    static final CommitHash BEST = new CommitHash("b".repeat(40));
    static final JobId JOB = JobId.parse("01234567-89ab-cdef-0123-456789abcdef");

    private Samples() {}

    public static ExperimentStatus status() {
        return new ExperimentStatus(
                "circle-packing",
                ExperimentId.parse("fedcba98-7654-3210-fedc-ba9876543210"),
                new Objective("sum_radii", Direction.MAXIMIZE),
                new Jobs(1, 2, 2, 47, 3, 0),
                Map.of(FailureKind.NO_CHANGE, 1L, FailureKind.EVALUATOR_TIMEOUT, 2L),
                new Score(ROOT, 2.1213203, "Import packing"),
                new Score(BEST, 2.63598304, "moved 3 circles: 2.6312 → 2.6360"),
                List.of(
                        new Improvement(1, NOON, 2.1213203),
                        new Improvement(2, NOON, 2.5),
                        new Improvement(20, NOON, 2.6),
                        new Improvement(40, NOON, 2.63598304)),
                23,
                64,
                58.25,
                Duration.ofSeconds(83),
                new BudgetUse(52, 100L, Duration.ofSeconds(83), Duration.ofMinutes(2), null, null),
                Map.of());
    }

    public static EndReport report() {
        return new EndReport(
                status(),
                "all jobs of the budget are done",
                List.of(metric("sum_radii", 2.1213203, "radius_sum"), metric("min_radius", 0.05, null)),
                List.of(
                        metric("min_radius", 0.0691, null),
                        metric("num_circles", 26, null),
                        metric("sum_radii", 2.63598304, "radius_sum")),
                "loreley/best/circle-packing",
                "/home/ada/my packing",
                null,
                List.of("run", "examples/circle-packing", "--seed", "5"));
    }

    private static Measurement metric(String name, double value, @Nullable String unit) {
        return new Measurement(name, value, unit, Direction.MAXIMIZE, Map.of());
    }
}
