package io.loreley.scheduler;

import io.loreley.domain.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a run ends. Jobs, money and tokens count over the experiment's whole life; time counts from the start of a run.
 */
public record BudgetSettings(
        @Setting(
                doc = "Draws of the experiment, over all runs; absent for no end.",
                min = 1,
                env = "SCHEDULER_MAX_TOTAL_JOBS")
        @Nullable
        Long jobs,

        @Setting(doc = "How long a run may draw; absent for no end.", min = 1) @Nullable
        Duration time,

        @Setting(
                doc =
                        "US dollars that agents may cost over all runs; absent for no end. A job is drawn only if what is "
                                + "spent, what jobs at work may still cost and what a job costs on average fit. Calls whose "
                                + "price is unknown end the run; a program of yours says in its report what it cost.",
                min = 0.01)
        @Nullable
        Double costUsd,

        @Setting(
                doc = "Tokens that agents may read and write over all runs, cached ones included; absent for no end.",
                min = 1)
        @Nullable
        Long tokens) {

    public static final BudgetSettings UNLIMITED = new BudgetSettings(null, null, null, null);
}
