package io.loreley.scheduler;

import io.loreley.domain.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a run ends. Jobs count over the experiment's whole life; time counts from the start of a run. */
public record BudgetSettings(
        @Setting(
                doc = "Draws of the experiment, over all runs; absent for no end.",
                min = 1,
                env = "SCHEDULER_MAX_TOTAL_JOBS")
        @Nullable
        Long jobs,

        @Setting(doc = "How long a run may draw; absent for no end.", min = 1) @Nullable
        Duration time) {

    public static final BudgetSettings UNLIMITED = new BudgetSettings(null, null);
}
