package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.util.UUID;

/** Whether somebody works on an experiment, for those who look at it from another process. */
public final class Activity {

    /** SQL for whether the experiment of the parameter has a scheduler that lives. */
    static final String IS_SCHEDULED = """
            EXISTS (SELECT FROM scheduler_leases lease
                JOIN pg_locks held ON held.pid = lease.backend_pid AND held.locktype = 'advisory' AND held.granted
                WHERE lease.experiment_id = ? AND lease.renewed_at > now() - interval '%d seconds')""".formatted(ExperimentLock.STALE_SECONDS);

    private final Database database;

    public Activity(Database database) {
        this.database = database;
    }

    /** What the search does. */
    public enum State {
        RUNNING,
        /** Nothing new is drawn until somebody resumes it, whoever works on it. */
        PAUSED,
        /** Nobody works on it. */
        IDLE
    }

    public State of(ExperimentId experiment) {
        UUID id = experiment.value();
        return new Question(database, "what the experiment does")
                .add("""
                        SELECT CASE WHEN EXISTS (SELECT FROM experiment_controls WHERE experiment_id = ? AND paused) THEN 'PAUSED'
                            WHEN %s OR EXISTS (SELECT FROM workers WHERE experiment_id = ? AND %s)
                                AND EXISTS (SELECT FROM evolution_jobs WHERE experiment_id = ? AND status = 'RUNNING') THEN 'RUNNING'
                            ELSE 'IDLE' END""".formatted(IS_SCHEDULED, Workers.IS_ALIVE), id, id, id, id)
                .first(rows -> State.valueOf(rows.getString(1)))
                .orElseThrow();
    }
}
