package io.loreley.scheduler;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.Spending;
import io.loreley.store.Expenses;
import io.loreley.store.Expenses.Expenditure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How much of a run is left. Jobs, money and tokens are counted in the database over the experiment's life, time from the
 * run's start. For one thread.
 *
 * <p>Money and tokens are known only after they are spent, so jobs are drawn against a reserve. A job at work is taken to
 * use as much as the most expensive job so far, a new one as much as the jobs that ended did on average; it is drawn if
 * both fit beside what was spent. Until a first job has ended, jobs are drawn one at a time. So a limit is exceeded by
 * less than one job, unless several jobs at once each become more expensive than any before.
 */
public final class Budget {

    private final BudgetSettings settings;
    private final @Nullable Instant deadline;
    private final Expenses expenses;
    private final ExperimentId experiment;
    private final InstantSource clock;
    /** Calls without a known price when this run began: those of earlier runs cannot be priced any more. */
    private final long unpricedBefore;

    /** Made when the run begins, before any of its jobs is worked on. */
    public Budget(BudgetSettings settings, Expenses expenses, ExperimentId experiment, InstantSource clock) {
        this.settings = settings;
        this.deadline = settings.time() == null ? null : clock.instant().plus(settings.time());
        this.expenses = expenses;
        this.experiment = experiment;
        this.clock = clock;
        this.unpricedBefore =
                settings.costUsd() == null ? 0 : expenses.of(experiment).spent().unpricedCalls();
    }

    /** What is used up. */
    enum Limit {
        JOBS,
        MONEY,
        TOKENS
    }

    /** How many more jobs may be drawn, given how many were. */
    long drawsLeft(long drawn) {
        return settings.jobs() == null ? Long.MAX_VALUE : Math.max(0, settings.jobs() - drawn);
    }

    boolean timeIsUp() {
        return deadline != null && !clock.instant().isBefore(deadline);
    }

    /**
     * How many more jobs may be at work now, so that money and tokens suffice.
     *
     * @param drawn over the experiment's life
     * @param open those of them that have not ended
     * @throws SearchImpossibleException if money is limited and a call of this run has no known price
     */
    long affordable(long drawn, int open) {
        if (!limitsSpending()) {
            return Long.MAX_VALUE;
        }
        Expenditure used = used();
        return Math.min(
                affordable(settings.costUsd(), used, Spending::costUsd, used.dearestUsd(), drawn, open),
                affordable(settings.tokens(), used, Spending::tokens, (double) used.largestTokens(), drawn, open));
    }

    /** The limit that lets no job be drawn any more, though none is at work. */
    Optional<Limit> exhausted(long drawn) {
        if (drawsLeft(drawn) == 0) {
            return Optional.of(Limit.JOBS);
        }
        if (!limitsSpending()) {
            return Optional.empty();
        }
        Expenditure used = used();
        if (affordable(settings.costUsd(), used, Spending::costUsd, used.dearestUsd(), drawn, 0) == 0) {
            return Optional.of(Limit.MONEY);
        }
        return affordable(settings.tokens(), used, Spending::tokens, (double) used.largestTokens(), drawn, 0) == 0
                ? Optional.of(Limit.TOKENS)
                : Optional.empty();
    }

    private boolean limitsSpending() {
        return settings.costUsd() != null || settings.tokens() != null;
    }

    private Expenditure used() {
        Expenditure used = expenses.of(experiment);
        long unpriced = used.spent().unpricedCalls();
        if (settings.costUsd() != null && unpriced > unpricedBefore) {
            throw SearchImpossibleException.withoutPrice(
                    expenses.unpricedModel(experiment).orElse(null));
        }
        return used;
    }

    private static long affordable(
            @Nullable Number limit,
            Expenditure used,
            ToDoubleFunction<Spending> measure,
            double largest,
            long drawn,
            int open) {
        if (limit == null) {
            return Long.MAX_VALUE;
        }
        double spent = measure.applyAsDouble(used.spent());
        if (spent >= limit.doubleValue()) {
            return 0;
        }
        long ended = drawn - open;
        if (ended <= 0) {
            return open == 0 ? 1 : 0;
        }
        double byOpen = used.open().stream().mapToDouble(measure).sum();
        double average = Math.max(0, spent - byOpen) / ended;
        double reserved = largest * Math.max(0, open - used.open().size())
                + used.open().stream()
                        .mapToDouble(job -> Math.max(0, largest - measure.applyAsDouble(job)))
                        .sum();
        double left = limit.doubleValue() - spent - reserved - average;
        if (left < 0) {
            return 0;
        }
        return largest == 0 ? Long.MAX_VALUE : 1 + (long) (left / largest);
    }
}
