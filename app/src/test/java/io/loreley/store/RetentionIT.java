package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What may go goes, what must stay stays, and a second time changes nothing. */
@Execution(ExecutionMode.CONCURRENT)
class RetentionIT {

    private static final Instant YESTERDAY = Rows.NOON.minus(Duration.ofDays(1));

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Retention retention;

    /** Jobs 1 to 3 are a line of descent, of which the last is an elite; 4 is of no use to anybody; 5 waits. */
    @BeforeEach
    void search() {
        search = new StoredSearch(postgres.database());
        retention = new Retention(postgres.database(), false);
        for (int number : List.of(1, 2, 3, 4)) {
            search.succeeded(number);
            search.execute("UPDATE evolution_jobs SET base_commit_hash = '%s' WHERE result_commit_hash = '%s'"
                    .formatted(Rows.commit(number == 4 ? 0 : number - 1), Rows.commit(number)));
        }
        search.pending(5);
        search.execute("""
                INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash) VALUES ('%s', 'main', 1, '%s')""".formatted(search.experiment.id(), Rows.commit(3)));
    }

    @Test
    void cached_embeddings_go_when_nobody_refers_to_them_and_they_are_old() {
        for (String row :
                List.of("'old', '2026-11-22T12:00Z'", "'held', '2026-11-22T12:00Z'", "'new', '2026-11-24T12:00Z'")) {
            search.execute("""
                    INSERT INTO map_elites_file_embedding_cache (experiment_id, blob_sha, updated_at, embedding_model, dimensions)
                    VALUES ('%s', %s, 'hash', 4)""".formatted(search.experiment.id(), row));
        }

        assertThat(new Retention(postgres.database(), true)
                        .embeddings(search.experiment.id(), List.of("held"), YESTERDAY))
                .isEqualTo(1);
        assertThat(retention.embeddings(search.experiment.id(), List.of("held"), YESTERDAY))
                .isEqualTo(1);
        assertThat(search.value(
                        "SELECT string_agg(blob_sha, ' ' ORDER BY blob_sha) FROM map_elites_file_embedding_cache"))
                .isEqualTo("held new");
        assertThat(retention.embeddings(search.experiment.id(), List.of("held"), YESTERDAY))
                .isZero();
    }

    @Test
    void the_commits_that_stay_are_elites_their_ancestors_and_the_bases_of_open_jobs() {
        assertThat(retention.commits(search.experiment.id()))
                .containsExactlyInAnyOrder(Rows.commit(0), Rows.commit(1), Rows.commit(2), Rows.commit(3));
    }

    @Test
    void what_somebody_pinned_stays() {
        search.execute("INSERT INTO commit_marks (experiment_id, commit_hash, mark) VALUES ('%s', '%s', 'PINNED')"
                .formatted(search.experiment.id(), Rows.commit(4)));

        assertThat(retention.commits(search.experiment.id())).contains(Rows.commit(4));
        assertThat(retention.jobs(search.experiment.id(), allJobs()).values()).containsOnly(Instant.MAX);
    }

    @Test
    void sums_go_whatever_their_age_if_their_commit_does_not_stay() {
        for (int number : List.of(3, 4, 9)) {
            search.execute("""
                    INSERT INTO map_elites_repo_state_aggregates (experiment_id, commit_hash, updated_at) VALUES ('%s', '%s', '%s')""".formatted(
                            search.experiment.id(),
                            Rows.commit(number),
                            number == 9 ? "2026-11-24T12:00Z" : "2026-11-22T12:00Z"));
        }
        List<CommitHash> kept = retention.commits(search.experiment.id());

        assertThat(new Retention(postgres.database(), true).aggregates(search.experiment.id(), kept))
                .isEqualTo(2);
        assertThat(retention.aggregates(search.experiment.id(), kept)).isEqualTo(2);
        assertThat(retention.aggregates(search.experiment.id(), kept)).isZero();
        assertThat(search.value("SELECT string_agg(commit_hash, ' ') FROM map_elites_repo_state_aggregates"))
                .isEqualTo(Rows.commit(3).value());
    }

    @Test
    void observations_go_beyond_the_limit_of_the_experiment_but_not_those_of_elites() {
        search.execute("UPDATE experiments SET config_snapshot = '{\"search\": {\"history-size\": 2}}'");
        for (int number = 0; number < 6; number++) {
            search.execute("""
                    INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, last_seen_at) VALUES ('%s', 'main', '%s', %d)""".formatted(search.experiment.id(), Rows.commit((number + 3) % 6), number));
        }
        Retention.Kept experiment = retention.experiments().getFirst();

        assertThat(experiment.historyLimit()).isEqualTo(2);
        Retention dry = new Retention(postgres.database(), true);
        int counted = Sql.transaction(postgres.database(), connection -> {
            Sql.update(connection, "LOCK TABLE map_elites_pca_history IN EXCLUSIVE MODE"); // lets others read
            return dry.history(experiment);
        });
        assertThat(counted).isEqualTo(3);
        assertThat(retention.history(experiment)).isEqualTo(3);
        assertThat(retention.history(experiment)).isZero();
        assertThat(
                        search.value(
                                "SELECT string_agg(right(commit_hash, 1), '' ORDER BY last_seen_at) FROM map_elites_pca_history"))
                .isEqualTo("423");
    }

    @Test
    void files_of_jobs_stay_that_are_open_or_led_to_an_elite() {
        Map<JobId, Instant> jobs = retention.jobs(search.experiment.id(), allJobs());

        assertThat(jobs).hasSize(5);
        assertThat(jobs.entrySet().stream()
                        .filter(job -> !job.getValue().equals(Instant.MAX))
                        .map(job -> job.getKey().value()))
                .containsExactly(new UUID(3, 4));
    }

    /** Job 4 failed, 6 did it again and failed, 7 did it again and is an elite; 8 failed, and 9 does it again. */
    @Test
    void files_stay_that_a_job_which_was_queued_again_made_its_elite_from() {
        search.execute("UPDATE map_elites_archive_cells SET commit_hash = '%s'".formatted(Rows.commit(7)));
        search.succeeded(7);
        search.pending(9);
        for (int number : List.of(6, 8)) {
            search.jobs.fail(search.running(number), 1, FailureKind.EVALUATOR_CRASH, "broken");
        }
        for (int[] again : new int[][] {{6, 4}, {7, 6}, {9, 8}}) {
            search.execute("UPDATE evolution_jobs SET requeue_of = '%s' WHERE id = '%s'"
                    .formatted(new UUID(3, again[1]), new UUID(3, again[0])));
        }

        Map<JobId, Instant> jobs = retention.jobs(search.experiment.id(), allJobs());

        assertThat(List.of(4, 6, 7, 8, 9))
                .extracting(number -> jobs.get(new JobId(new UUID(3, number))))
                .containsOnly(Instant.MAX);
        assertThat(jobs.get(new JobId(new UUID(3, 3)))).isBefore(Instant.MAX);
    }

    /** Its rows point to the folder of the job before. */
    @Test
    void files_of_a_job_that_was_queued_again_go_with_those_of_the_next() {
        search.jobs.fail(search.running(6), 1, FailureKind.EVALUATOR_CRASH, "broken");
        search.execute("UPDATE evolution_jobs SET requeue_of = '%s', completed_at = '2026-12-24T12:00Z' WHERE id = '%s'"
                .formatted(new UUID(3, 4), new UUID(3, 6)));

        assertThat(retention.jobs(search.experiment.id(), allJobs()))
                .containsEntry(new JobId(new UUID(3, 4)), Instant.parse("2026-12-24T12:00:00Z"));
    }

    private List<JobId> allJobs() {
        return Arrays.stream(search.value("SELECT string_agg(id::text, ',') FROM evolution_jobs")
                        .split(","))
                .map(JobId::parse)
                .toList();
    }

    @Test
    void jobs_whose_files_are_gone_say_nothing_of_them() {
        JobId job = new JobId(new UUID(3, 4));
        search.execute("UPDATE job_artifacts SET coding_prompt_path = 'x'");

        retention.filesAreGone(List.of(job));
        retention.filesAreGone(List.of(job));

        assertThat(search.value("SELECT count(*) FROM job_artifacts")).isEqualTo("3");
        assertThat(search.find(job).result()).isEqualTo(Rows.commit(4));
    }
}
