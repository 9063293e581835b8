package io.loreley.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One fact of a run, as it is told to the person who watches it. */
public sealed interface RunEvent {

    /**
     * The run is ready to draw.
     *
     * @param experiment the experiment's identifier as text
     * @param repository where the evolved repository lies
     * @param root the abbreviated hash of the root commit
     * @param database what the run is stored in, without secrets
     * @param resumed whether earlier runs left jobs behind
     * @param jobsSoFar jobs drawn by earlier runs
     */
    record Started(
            String name,
            String experiment,
            String repository,
            String root,
            String database,
            boolean resumed,
            long jobsSoFar)
            implements RunEvent {}

    /** The dashboard can be opened. */
    record Serving(String address) implements RunEvent {}

    /**
     * Some programs are kept in less than the settings say, because this machine does not allow more.
     *
     * @param programs whose, by their keys in the settings
     * @param shortfall what is open
     */
    record Loose(List<String> programs, String shortfall) implements RunEvent {

        public Loose {
            programs = List.copyOf(programs);
        }
    }

    /** Another process schedules this experiment; this one waits until that is gone. */
    record StandingBy(String name) implements RunEvent {}

    /** The root commit was measured; all else is compared with it. */
    record RootEvaluated(CommitHash commit, double objective, List<Measurement> metrics) implements RunEvent {

        public RootEvaluated {
            metrics = List.copyOf(metrics);
        }
    }

    /** A worker claimed a job. */
    record JobStarted(JobId job, JobKind kind, int attempt, CommitHash base) implements RunEvent {}

    /** A worker went on to the next step of a job. */
    record StageEntered(JobId job, String stage) implements RunEvent {}

    /** A job ended with a recorded commit. */
    record JobSucceeded(JobId job, CommitHash commit, double objective, String subject, Duration elapsed)
            implements RunEvent {}

    /** A job ended with a recorded commit that may not compete. */
    record JobRejected(JobId job, CommitHash commit, String verdict, String subject, Duration elapsed)
            implements RunEvent {}

    /** A job of the hold-out ended; {@link HeldOut} tells what it said, once that is noted. */
    record JobHeldOut(JobId job, CommitHash commit, Duration elapsed) implements RunEvent {}

    /** A job ended without one. */
    record JobFailed(JobId job, FailureKind kind, String message, Duration elapsed) implements RunEvent {}

    /** A job went back to the queue, uncharged. */
    record JobReturned(JobId job, String why) implements RunEvent {}

    /** A commit was offered to the archive. */
    record Placed(JobId job, CommitHash commit, long cell, Outcome outcome, double objective) implements RunEvent {

        /** What the archive did with it. */
        public enum Outcome {
            /** It is the first of its cell. */
            DISCOVERED,
            /** It is better than the elite of its cell, and took its place. */
            IMPROVED,
            /** The elite of its cell is at least as good. */
            REJECTED
        }
    }

    /** A commit is better than all before it. */
    record BestImproved(CommitHash commit, double objective, double previous) implements RunEvent {}

    /**
     * The hold-out measured a best commit.
     *
     * @param reason why it fails; absent if it passes
     */
    record HeldOut(CommitHash commit, @Nullable String reason) implements RunEvent {}

    /**
     * What agents need is not to be had: no jobs are drawn until a moment, then one to see whether it is.
     *
     * @param until absent where jobs that were sent back to the queue will see
     */
    record DrawingPaused(
            FailureKind kind, String reason, @Nullable Instant until) implements RunEvent {}

    /** Somebody paused the search: nothing new is drawn until it is resumed. Told at the start of a run, too. */
    record Paused() implements RunEvent {}

    /** Somebody had the search go on after a pause. */
    record Resumed() implements RunEvent {}

    /** Something failed that the process goes on without. */
    record Trouble(String message) implements RunEvent {}

    /** No job is claimed any more; those that run are waited for, or returned. */
    record Stopping(String reason) implements RunEvent {}
}
