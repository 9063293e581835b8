package io.loreley;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.store.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** What must hold of one experiment after any run that came to its end, whatever died on the way there. */
public final class SearchInvariants {

    private final Database database;
    private final UUID experiment;

    public SearchInvariants(Database database, UUID experiment) {
        this.database = database;
        this.experiment = experiment;
    }

    /**
     * Checks them all.
     *
     * @param draws how many jobs the budget allowed
     * @param kept the refs that keep commits for good
     */
    public void check(long draws, Collection<String> kept) throws SQLException {
        everyJobEndedOnce(draws);
        nothingIsPaidTwice();
        nothingIsLeft();
        theArchiveIsWhatTheOutcomesSay();
        for (String commit : rows("SELECT commit_hash FROM commit_cards WHERE experiment_id = ?")) {
            assertThat(kept).as("a recorded commit is reachable").anyMatch(ref -> ref.endsWith("/commits/" + commit));
        }
    }

    private void everyJobEndedOnce(long draws) throws SQLException {
        assertThat(
                        rows(
                                "SELECT draw::text FROM evolution_jobs WHERE experiment_id = ? AND draw IS NOT NULL ORDER BY evolution_jobs.draw"))
                .as("each number was drawn once")
                .isEqualTo(LongStream.range(0, draws).mapToObj(Long::toString).toList());
        assertThat(
                        rows(
                                "SELECT id::text FROM evolution_jobs WHERE experiment_id = ? AND kind = 'ROOT' AND status = 'SUCCEEDED'"))
                .as("one root")
                .hasSize(1);
        assertThat(
                        rows(
                                "SELECT id || ' ' || status FROM evolution_jobs WHERE experiment_id = ? AND completed_at IS NULL"))
                .as("open jobs")
                .isEmpty();
        assertThat(rows("SELECT id::text FROM evolution_jobs WHERE experiment_id = ? AND status = 'SUCCEEDED'"
                        + " AND ingestion_status IS NULL"))
                .as("successes that the archive never answered")
                .isEmpty();
        assertThat(rows(
                        "SELECT id || ' ' || failure_kind || ' ' || last_error FROM evolution_jobs WHERE experiment_id = ?"
                                + " AND status = 'FAILED' AND failure_kind NOT IN ('WORKER_LOST', 'NO_CHANGE')"))
                .as("jobs that failed for a cause of their own")
                .isEmpty();
    }

    private void nothingIsPaidTwice() throws SQLException {
        assertThat(rows(
                        "SELECT job_id || ' ' || stage FROM job_stages WHERE experiment_id = ? AND outcome = 'SUCCEEDED'"
                                + " GROUP BY job_id, stage HAVING count(*) > 1"))
                .as("stages that were finished twice")
                .isEmpty();
        assertThat(rows("SELECT later.job_id || ' ' || later.stage FROM job_stages later JOIN job_stages done"
                        + " ON done.job_id = later.job_id AND done.stage = later.stage AND done.outcome = 'SUCCEEDED'"
                        + " AND later.attempt > done.attempt WHERE later.experiment_id = ?"))
                .as("stages that were begun again after they had been finished")
                .isEmpty();
    }

    private void nothingIsLeft() throws SQLException {
        assertThat(rows("SELECT task_instance FROM scheduled_tasks WHERE task_name = 'evolve/' || ?::text"))
                .as("entries in the queue")
                .isEmpty();
        assertThat(rows(
                        "SELECT held.pid::text FROM scheduler_leases lease JOIN pg_locks held ON held.pid = lease.backend_pid"
                                + " AND held.locktype = 'advisory' WHERE lease.experiment_id = ?"))
                .as("locks")
                .isEmpty();
    }

    /** Holds until a projection is fitted: then the cells of earlier outcomes are no longer those of the archive. */
    private void theArchiveIsWhatTheOutcomesSay() throws SQLException {
        String version =
                rows("SELECT max(projection_version)::text FROM map_elites_archive_cells WHERE experiment_id = ?")
                        .getFirst();
        if (Long.parseLong(version) > 1) {
            return;
        }
        assertThat(rows("SELECT cell_index || ' ' || objective FROM map_elites_archive_cells WHERE experiment_id = ?"
                        + " ORDER BY cell_index"))
                .as("the archive")
                .isEqualTo(rows("SELECT job.ingestion_cell_index || ' ' || max(seen.objective)"
                        + " FROM evolution_jobs job JOIN map_elites_pca_history seen"
                        + " ON seen.experiment_id = job.experiment_id AND seen.commit_hash = job.result_commit_hash"
                        + " WHERE job.experiment_id = ? AND job.ingestion_status = 'succeeded'"
                        + " GROUP BY job.ingestion_cell_index ORDER BY job.ingestion_cell_index"));
    }

    private List<String> rows(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, experiment);
            List<String> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
