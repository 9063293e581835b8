package io.loreley.scheduler;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.store.Database;
import io.loreley.store.JobQueue;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Does with the rows of the queue what db-scheduler does, one step at a time and when it is asked to. */
final class SimulatedQueue {

    private final Database database;
    private final String task;

    SimulatedQueue(Database database, ExperimentId experiment) {
        this.database = database;
        this.task = "evolve/" + experiment;
    }

    /** An entry that somebody holds, under the version by which it is held. */
    record Held(JobId job, long version) {}

    /** Takes the entry that is due first. */
    Optional<Held> pick(String worker, Instant now) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement("""
                        UPDATE scheduled_tasks SET picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1
                        WHERE (task_name, task_instance) IN (
                            SELECT task_name, task_instance FROM scheduled_tasks
                            WHERE task_name = ? AND NOT picked AND execution_time <= ?
                            ORDER BY priority DESC, execution_time, task_instance LIMIT 1)
                        RETURNING task_instance, version""")) {
            statement.setString(1, worker);
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setString(3, task);
            statement.setObject(4, now.atOffset(ZoneOffset.UTC));
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Held(new JobId(UUID.fromString(rows.getString(1))), rows.getLong(2)))
                        : Optional.empty();
            }
        }
    }

    /** Does what a worker's answer says, unless the entry is another's by now. */
    void answer(Held held, JobQueue.Handled handled, Instant now) throws SQLException {
        switch (handled) {
            case JobQueue.Handled.Done() ->
                change(
                        "DELETE FROM scheduled_tasks WHERE task_name = ? AND task_instance = ? AND version = ?",
                        held,
                        null);
            case JobQueue.Handled.Ended() -> {}
            case JobQueue.Handled.Returned(var pause) -> free(held, now.plus(pause));
        }
    }

    /** Frees the entries of a worker whose heart stopped, as the survivor decides. */
    void revive(String dead, JobQueue.Consumer survivor, Instant now) throws SQLException {
        Optional<Held> next = heldBy(dead);
        while (next.isPresent()) {
            if (!survivor.lost(
                    next.get().job(), new JobQueue.Entry(dead, next.get().version()))) {
                return;
            }
            free(next.get(), now);
            next = heldBy(dead);
        }
    }

    private Optional<Held> heldBy(String worker) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(
                        "SELECT task_instance, version FROM scheduled_tasks WHERE task_name = ? AND picked AND picked_by = ? LIMIT 1")) {
            statement.setString(1, task);
            statement.setString(2, worker);
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Held(new JobId(UUID.fromString(rows.getString(1))), rows.getLong(2)))
                        : Optional.empty();
            }
        }
    }

    private void free(Held held, Instant due) throws SQLException {
        change("""
                UPDATE scheduled_tasks SET picked = false, picked_by = NULL, last_heartbeat = NULL, version = version + 1,
                    execution_time = ?
                WHERE task_name = ? AND task_instance = ? AND version = ?""", held, due);
    }

    private void change(String sql, Held held, @org.jspecify.annotations.Nullable Instant due) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(sql)) {
            int next = 1;
            if (due != null) {
                statement.setObject(next++, due.atOffset(ZoneOffset.UTC));
            }
            statement.setString(next++, task);
            statement.setString(next++, held.job().toString());
            statement.setLong(next, held.version());
            statement.executeUpdate();
        }
    }
}
