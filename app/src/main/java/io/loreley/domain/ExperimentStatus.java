package io.loreley.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment stands, read from the database in one moment.
 *
 * @param jobs how many jobs are in each state
 * @param failures failed jobs by cause; causes without a job are absent
 * @param root the measure of the root commit; absent until it was evaluated
 * @param best absent until something was evaluated
 * @param history each time the best changed, oldest first
 * @param elites occupied cells
 * @param cells all cells of the archive
 * @param qdScore sum of the elites' objectives, oriented so that higher is better
 * @param elapsed from the first job's start to the last job's end, or to now while jobs run
 * @param budget how much of it is used
 * @param noise of the root's objective, where it was measured more than once: the noise floor
 * @param holdout absent where it has said nothing
 * @param spending what the calls of language models used, by the name of the agent; empty if none was made
 */
public record ExperimentStatus(
        String name,
        ExperimentId id,
        Objective objective,
        Jobs jobs,
        Map<FailureKind, Long> failures,
        @Nullable Score root,
        @Nullable Score best,
        List<Improvement> history,
        int elites,
        long cells,
        double qdScore,
        Duration elapsed,
        BudgetUse budget,
        Map<String, Spending> spending,
        @Nullable Spread noise,
        @Nullable Holdout holdout) {

    public ExperimentStatus {
        Map<FailureKind, Long> byKind = new EnumMap<>(FailureKind.class);
        byKind.putAll(failures);
        failures = Collections.unmodifiableMap(byKind);
        history = List.copyOf(history);
        spending = Collections.unmodifiableMap(new TreeMap<>(spending));
    }

    /** Of an experiment whose noise is not known, and that has no hold-out. */
    public ExperimentStatus(
            String name,
            ExperimentId id,
            Objective objective,
            Jobs jobs,
            Map<FailureKind, Long> failures,
            @Nullable Score root,
            @Nullable Score best,
            List<Improvement> history,
            int elites,
            long cells,
            double qdScore,
            Duration elapsed,
            BudgetUse budget,
            Map<String, Spending> spending) {
        this(
                name, id, objective, jobs, failures, root, best, history, elites, cells, qdScore, elapsed, budget,
                spending, null, null);
    }

    /** The share of the cells that holds an elite, from 0 to 1. */
    public double coverage() {
        return cells == 0 ? 0 : (double) elites / cells;
    }

    /** What all agents used. */
    public Spending spent() {
        return spending.values().stream().reduce(Spending.NONE, Spending::plus);
    }

    /** How often the best was exceeded, the root's measure not counted. */
    public int improvements() {
        return Math.max(0, history.size() - 1);
    }

    /** US dollars; absent where a price is unknown, or nothing was improved. */
    public @Nullable Double costPerImprovement() {
        Spending spent = spent();
        return spent.isPriced() && improvements() > 0 ? spent.costUsd() / improvements() : null;
    }

    /** How many jobs are in each state. */
    public record Jobs(long pending, long queued, long running, long succeeded, long failed, long cancelled) {

        public static final Jobs NONE = new Jobs(0, 0, 0, 0, 0, 0);

        /** Jobs that ended, whatever the end. */
        public long finished() {
            return succeeded + failed + cancelled;
        }
    }

    /** A commit and the objective it was measured with. */
    public record Score(CommitHash commit, double value, String subject) {}

    /**
     * What the hold-out said, from the best commit downwards.
     *
     * @param passed the best that passes, which is what is published; absent if none does
     * @param failed better ones, which do not pass; the best first
     * @param waiting whether a better one has not been measured by it yet
     */
    public record Holdout(@Nullable Score passed, List<CommitHash> failed, boolean waiting) {

        public Holdout {
            failed = List.copyOf(failed);
        }

        /** Whether the best commit is the one that passes. */
        public boolean isClean() {
            return passed != null && failed.isEmpty() && !waiting;
        }

        /** One line for people. */
        public String describe() {
            String words = passed == null
                    ? "none passes"
                    : isClean()
                            ? passed.commit().abbreviated() + " passes"
                            : passed.commit().abbreviated() + " is the best that passes";
            if (!failed.isEmpty()) {
                words += "; of better ones these fail: "
                        + failed.stream().map(CommitHash::abbreviated).collect(Collectors.joining(", "));
            }
            return waiting ? words + "; a better one is not measured yet" : words;
        }
    }

    /**
     * The best changed.
     *
     * @param job which job found it, counted from 1 in the order in which jobs were drawn; 0 for the root
     */
    public record Improvement(long job, Instant at, double value) {}

    /**
     * Used and allowed.
     *
     * @param drawn jobs drawn over the experiment's life
     * @param jobLimit absent for no end
     * @param timeUsed since the start of this run
     * @param timeLimit absent for no end
     * @param costLimit US dollars; absent for no end
     * @param tokenLimit absent for no end
     */
    public record BudgetUse(
            long drawn,
            @Nullable Long jobLimit,
            Duration timeUsed,
            @Nullable Duration timeLimit,
            @Nullable Double costLimit,
            @Nullable Long tokenLimit) {}
}
