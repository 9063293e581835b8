package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.store.Expenses;
import io.loreley.store.SpendingSearch;
import io.loreley.store.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BudgetIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private SpendingSearch search;

    @BeforeEach
    void open() {
        search = new SpendingSearch(postgres.database());
    }

    @Test
    void without_a_limit_on_money_or_tokens_anything_may_be_drawn() {
        Budget budget = budget(null, null);
        assertThat(budget.affordable(0, 0)).isEqualTo(Long.MAX_VALUE);
        assertThat(budget.exhausted(0)).isEmpty();
    }

    @Test
    void until_a_first_job_has_ended_jobs_are_drawn_one_at_a_time() {
        Budget budget = budget(10.0, null);
        assertThat(budget.affordable(0, 0)).isEqualTo(1);
        JobId first = search.draw();
        assertThat(budget.affordable(1, 1)).isZero();
        search.work(first, 1.0, 100);
        assertThat(budget.affordable(1, 1)).isZero();
        search.fail(first, FailureKind.NO_CHANGE);
        assertThat(budget.affordable(1, 0)).isEqualTo(9);
    }

    @Test
    void a_job_at_work_keeps_its_reserve() {
        Budget budget = budget(10.0, null);
        ended(2.0);
        JobId waiting = search.draw();
        JobId working = search.draw();
        search.work(working, 0.5, 100);

        // 10 − 2.5 spent − 2 for the one that waits − 1.5 for the one at work: 4 are left for two of 2
        assertThat(budget.affordable(3, 2)).isEqualTo(2);
        search.work(waiting, 2.5, 100);
        // the largest is 2.5 now: 10 − 5 spent − 2 reserved leaves 3
        assertThat(budget.affordable(3, 2)).isEqualTo(1);
    }

    @Test
    void a_job_that_would_exceed_the_limit_is_not_drawn() {
        Budget budget = budget(5.0, null);
        ended(2.0);
        ended(2.0);
        assertThat(budget.affordable(2, 0)).isZero();
        assertThat(budget.exhausted(2)).contains(Budget.Limit.MONEY);
    }

    @Test
    void tokens_are_limited_as_money_is() {
        Budget budget = budget(null, 1000L);
        ended(null, 600);
        assertThat(budget.affordable(1, 0)).isZero();
        assertThat(budget.exhausted(1)).contains(Budget.Limit.TOKENS);
        assertThat(budget(null, 1200L).affordable(1, 0)).isEqualTo(1);
    }

    @Test
    void agents_that_cost_nothing_are_not_held_up() {
        Budget budget = budget(1.0, null);
        search.fail(search.draw(), FailureKind.NO_CHANGE);
        assertThat(budget.affordable(1, 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void an_unknown_price_ends_a_run_whose_money_is_limited() {
        Budget budget = budget(5.0, null);
        ended(null, 10);

        assertThatThrownBy(() -> budget.affordable(1, 0))
                .isInstanceOf(SearchImpossibleException.class)
                .hasMessageContaining("the model 'model-x'")
                .hasMessageContaining("prices:");
        // a later run cannot price what is past, and starts over
        assertThat(budget(5.0, null).affordable(1, 0)).isPositive();
    }

    /** Four workers, jobs between 0.5 and 1.5, as a scheduler would draw them. */
    @Test
    void workers_together_exceed_a_limit_by_less_than_one_job() {
        var random = new SplittableRandom(11);
        Budget budget = budget(12.0, null);
        List<JobId> open = new ArrayList<>();
        double spent = 0;
        double dearest = 0;
        do {
            long room = Math.min(4L - open.size(), budget.affordable(search.drawn(), open.size()));
            for (long i = 0; i < room; i++) {
                open.add(search.draw());
            }
            JobId job = open.remove(random.nextInt(open.size()));
            double cost = 0.5 + random.nextDouble();
            search.work(job, cost, 10);
            search.fail(job, FailureKind.NO_CHANGE);
            spent += cost;
            dearest = Math.max(dearest, cost);
        } while (!open.isEmpty() || budget.exhausted(search.drawn()).isEmpty());

        assertThat(spent).isBetween(12.0 - dearest, 12.0 + dearest);
    }

    private void ended(double cost) {
        ended(cost, 10);
    }

    private void ended(@Nullable Double cost, long tokens) {
        JobId job = search.draw();
        search.work(job, cost, tokens);
        search.fail(job, FailureKind.NO_CHANGE);
    }

    private Budget budget(@Nullable Double cost, @Nullable Long tokens) {
        return new Budget(
                new BudgetSettings(null, null, cost, tokens),
                new Expenses(postgres.database()),
                search.experiment(),
                search.clock());
    }
}
