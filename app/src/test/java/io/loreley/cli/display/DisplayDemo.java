package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.Jobs;
import io.loreley.domain.FailureKind;
import io.loreley.domain.RunEvent;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** Draws a run of ten seconds, to be looked at. Not a test. */
final class DisplayDemo {

    private DisplayDemo() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        LiveRegion region = new LiveRegion(
                out,
                TerminalSize::ofStandardOutput,
                true,
                InstantSource.system(),
                "Pack 26 circles into the unit square so that the sum of their radii is as large as possible.");
        try (Display display = LiveDisplay.start(region)) {
            display.on(new RunEvent.Started(
                    "circle-packing",
                    "fedcba98",
                    "examples/circle-packing/packing",
                    "aaaaaaaaaaaa",
                    "embedded PostgreSQL 18",
                    false,
                    0));
            pause(800);
            display.on(new RunEvent.RootEvaluated(Samples.ROOT, 2.1213, java.util.List.of()));
            ExperimentStatus s = Samples.status();
            for (int i = 1; i <= 45; i++) {
                display.on(new RunEvent.JobSucceeded(Samples.JOB, Samples.BEST, 2.5, "x", Duration.ZERO));
                if (i % 15 == 0) {
                    display.on(new RunEvent.BestImproved(Samples.BEST, 2.5 + i / 400.0, 2.5));
                    display.on(new RunEvent.JobFailed(
                            Samples.JOB,
                            FailureKind.EVALUATOR_TIMEOUT,
                            "`evaluate.sh` did not end in 20s; its last words:\nstep 12",
                            Duration.ofSeconds(20)));
                }
                ExperimentStatus status = new ExperimentStatus(
                        s.name(),
                        s.id(),
                        s.objective(),
                        new Jobs(1, 1, 2, i, i / 15, 0),
                        s.failures(),
                        s.root(),
                        s.best(),
                        s.history(),
                        23,
                        64,
                        58.2,
                        s.elapsed(),
                        new ExperimentStatus.BudgetUse(
                                i, 100L, Duration.ofMillis(i * 200L), Duration.ofMinutes(2), null, null),
                        java.util.Map.of());
                display.show(() -> status);
                pause(200);
            }
            display.finish(Samples.report());
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }
}
