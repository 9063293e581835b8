package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobStage;
import io.loreley.domain.StageName;
import io.loreley.domain.StageOutcome;
import io.loreley.domain.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What attempts do is recorded stage by stage, and only by the attempt that holds the job. */
@Execution(ExecutionMode.CONCURRENT)
class StagesIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Stages stages;
    private EvolutionJob job;

    @BeforeEach
    void claim() {
        search = new StoredSearch(postgres.database());
        stages = search.stages;
        job = search.claim(search.queued(0));
    }

    @Test
    void a_finished_stage_keeps_its_result_for_the_next_attempt() {
        search.begin(job, StageName.PLAN);
        stages.succeed(job.id(), 1, StageName.PLAN, Map.of("summary", "unroll", "steps", List.of("a", "b")), null);
        search.begin(job, StageName.CODE);
        stages.succeed(job.id(), 1, StageName.CODE, Map.of("summary", "done"), Rows.commit(7));
        search.lose(job.id());
        search.claim(job.id());

        Map<StageName, JobStage> finished = stages.finished(job.id());

        assertThat(finished).containsOnlyKeys(StageName.PLAN, StageName.CODE);
        assertThat(finished.values())
                .extracting(JobStage::result, JobStage::commit, JobStage::artifacts)
                .containsExactly(
                        tuple(Map.of("summary", "unroll", "steps", List.of("a", "b")), null, "artifacts/attempt-1"),
                        tuple(Map.of("summary", "done"), Rows.commit(7), "artifacts/attempt-1"));
    }

    @Test
    void a_stage_that_failed_or_was_interrupted_is_not_finished() {
        search.begin(job, StageName.PLAN);
        stages.fail(job.id(), 1, StageName.PLAN, FailureKind.AGENT_CRASH, "exit code 1\0");
        search.begin(job, StageName.CODE);
        stages.interrupt(job.id(), 1, StageName.CODE);

        assertThat(stages.finished(job.id())).isEmpty();
        assertThat(stages.of(job.id()))
                .extracting(JobStage::outcome)
                .containsExactly(StageOutcome.FAILED, StageOutcome.INTERRUPTED);
        assertThat(stages.of(job.id()).getFirst().message()).isEqualTo("exit code 1␀");
    }

    @Test
    void what_is_spent_adds_up_and_an_unknown_price_is_not_zero() {
        search.begin(job, StageName.CODE);
        Usage first = new Usage("large", 1000, 200, 50, 0.25);
        stages.spent(job.id(), 1, StageName.CODE, List.of(first));
        List<Usage> both = List.of(first, new Usage(null, 10, 0, 5, null));
        stages.spent(job.id(), 1, StageName.CODE, both);
        stages.spent(job.id(), 1, StageName.CODE, both); // the answer to the first was lost

        JobStage stage = stages.of(job.id()).getFirst();

        assertThat(stage.calls()).isEqualTo(2);
        assertThat(stage.unpricedCalls()).isEqualTo(1);
        assertThat(stage.costUsd()).isEqualTo(0.25);
        assertThat(stage.inputTokens()).isEqualTo(1010);
        assertThat(stage.cachedInputTokens()).isEqualTo(200);
        assertThat(stage.outputTokens()).isEqualTo(55);
        assertThat(stage.model()).isEqualTo("large");
    }

    @Test
    void an_attempt_that_lost_its_job_records_what_it_spent_and_nothing_else() {
        search.begin(job, StageName.CODE);
        search.lose(job.id());
        search.claim(job.id());

        assertThat(search.begin(job, StageName.EVALUATE)).isFalse();
        assertThat(stages.succeed(job.id(), 1, StageName.CODE, Map.of(), Rows.commit(7)))
                .isFalse();
        assertThat(stages.fail(job.id(), 1, StageName.CODE, FailureKind.INTERNAL, "late"))
                .isFalse();
        stages.spent(job.id(), 1, StageName.CODE, List.of(new Usage("large", 10, 0, 5, 0.5)));

        JobStage late = stages.of(job.id()).getFirst();
        assertThat(stages.of(job.id())).hasSize(1);
        assertThat(late.outcome()).isNull();
        assertThat(late.costUsd()).isEqualTo(0.5);
    }

    @Test
    void every_write_can_be_repeated() {
        assertThat(search.begin(job, StageName.CODE)).isTrue();
        assertThat(search.begin(job, StageName.CODE)).isTrue();
        assertThat(stages.succeed(job.id(), 1, StageName.CODE, Map.of("n", 1), null))
                .isTrue();
        assertThat(stages.succeed(job.id(), 1, StageName.CODE, Map.of("n", 1), null))
                .isTrue();

        assertThat(stages.of(job.id())).hasSize(1);
        assertThat(search.find(job.id()).stage()).isEqualTo("code");
    }

    @Test
    void states_are_tied_to_their_columns() {
        search.begin(job, StageName.CODE);

        assertThatThrownBy(() -> search.execute("UPDATE job_stages SET outcome = 'SUCCEEDED'"))
                .hasMessageContaining("ck_stages_ended_has_outcome");
        assertThatThrownBy(() -> search.execute("UPDATE job_stages SET outcome = 'FAILED', ended_at = now()"))
                .hasMessageContaining("ck_stages_failed_says_why");
        assertThatThrownBy(() -> search.execute("UPDATE job_stages SET outcome = 'SUCCEEDED', ended_at = now()"))
                .hasMessageContaining("ck_stages_succeeded_has_result");
        assertThatThrownBy(() -> search.execute("UPDATE job_stages SET cost_usd = 'NaN'"))
                .hasMessageContaining("check");
        assertThatThrownBy(() -> search.execute("UPDATE job_stages SET cached_input_tokens = 1"))
                .hasMessageContaining("check");
    }
}
