package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ActivityIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
    }

    @Test
    void an_experiment_runs_as_long_as_its_scheduler_lives_and_whoever_looks_is_told() {
        Changes.Marker before = marker();
        assertThat(state()).isEqualTo(Activity.State.IDLE);

        Changes.Marker scheduled;
        try (ExperimentLock _ = ExperimentLock.tryAcquire(search.database, search.experiment.id())
                .orElseThrow()) {
            assertThat(state()).isEqualTo(Activity.State.RUNNING);
            scheduled = marker();
        }

        assertThat(state()).isEqualTo(Activity.State.IDLE);
        assertThat(scheduled.jobs()).isNotEqualTo(before.jobs());
        assertThat(marker()).isEqualTo(before);
    }

    @Test
    void a_job_that_a_dead_process_left_behind_is_no_work() {
        search.running(0);

        assertThat(state()).isEqualTo(Activity.State.IDLE);
    }

    @Test
    void a_worker_without_a_scheduler_works_as_long_as_it_has_a_job() {
        search.execute("""
                INSERT INTO workers (name, host, pid, version, slots, experiment_id, started_at, last_seen_at)
                VALUES ('w', 'h', 1, '1', 2, '%s', now(), now())""".formatted(search.experiment.id()));
        assertThat(state()).isEqualTo(Activity.State.IDLE);

        search.running(0);
        assertThat(state()).isEqualTo(Activity.State.RUNNING);
    }

    @Test
    void a_lease_whose_holder_is_gone_means_nothing() throws SQLException {
        search.execute(
                "INSERT INTO scheduler_leases (experiment_id, epoch, holder, backend_pid) VALUES ('%s', 1, 'gone', 1)"
                        .formatted(search.experiment.id()));
        assertThat(state()).isEqualTo(Activity.State.IDLE);

        try (var connection = search.database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(7)");
            statement.execute("UPDATE scheduler_leases SET backend_pid = pg_backend_pid()");
            assertThat(state()).isEqualTo(Activity.State.RUNNING);
            statement.execute("UPDATE scheduler_leases SET renewed_at = now() - interval '1 minute'");
            assertThat(state()).isEqualTo(Activity.State.IDLE);
            statement.execute("SELECT pg_advisory_unlock(7)");
        }
    }

    @Test
    void a_pause_stands_whoever_works() {
        new Controls(search.database).pause(search.experiment.id(), "ann");
        assertThat(state()).isEqualTo(Activity.State.PAUSED);

        try (ExperimentLock _ = ExperimentLock.tryAcquire(search.database, search.experiment.id())
                .orElseThrow()) {
            assertThat(state()).isEqualTo(Activity.State.PAUSED);
            new Controls(search.database).resume(search.experiment.id(), "ann");
            assertThat(state()).isEqualTo(Activity.State.RUNNING);
        }
    }

    private Activity.State state() {
        return new Activity(search.database).of(search.experiment.id());
    }

    private Changes.Marker marker() {
        return new Changes(search.database).marker(search.experiment.id());
    }
}
