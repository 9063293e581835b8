package io.loreley.store;

import io.loreley.domain.Attempt;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The register of processes that work on jobs. Whoever was not seen for a while, by the clock of the database, is gone.
 * Safe for many threads.
 */
public final class Workers {

    /** Whether a row is of a worker that lives. */
    static final String IS_ALIVE = "(stopped_at IS NULL AND last_seen_at > now() - interval '15 seconds')";

    /** Whether a row is of a worker that is long gone. Who holds anything is still asked for by its name. */
    private static final String IS_FORGOTTEN = """
            last_seen_at < now() - interval '30 days'
            AND NOT EXISTS (SELECT FROM evolution_jobs WHERE completed_at IS NULL AND status = 'RUNNING' AND worker = name)
            AND NOT EXISTS (SELECT FROM scheduled_tasks WHERE picked AND picked_by = name)
            AND NOT EXISTS (SELECT FROM scheduler_leases WHERE holder = name)""";

    private final Database database;

    public Workers(Database database) {
        this.database = database;
    }

    /**
     * What a worker says of itself when it starts.
     *
     * @param version of Loreley
     * @param labels what it can do, as jobs may ask for
     * @param slots how many jobs it works on at once
     */
    public record Introduction(String name, String host, long pid, String version, List<String> labels, int slots) {

        public Introduction {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A worker as it was last seen.
     *
     * @param alive whether that was a moment ago, and it has not ended
     */
    public record Seen(
            Introduction who,
            @Nullable ExperimentId experiment,
            boolean alive,
            boolean draining,
            Instant startedAt,
            Instant lastSeenAt,
            @Nullable Instant stoppedAt) {}

    /** Enters a worker, or enters it again. */
    public void enter(Introduction who, ExperimentId experiment) {
        transaction(connection -> Sql.update(
                connection,
                """
                INSERT INTO workers (name, experiment_id, host, pid, version, labels, slots, started_at, last_seen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, now(), now())
                ON CONFLICT (name) DO UPDATE SET experiment_id = excluded.experiment_id, slots = excluded.slots,
                    labels = excluded.labels, draining = false, last_seen_at = excluded.last_seen_at, stopped_at = NULL""",
                who.name(),
                experiment.value(),
                who.host(),
                who.pid(),
                who.version(),
                who.labels().toArray(String[]::new),
                who.slots()));
    }

    /**
     * Says that a worker is alive.
     *
     * @return whether it is to take no more jobs
     */
    public boolean seen(String name) {
        return transaction(connection -> Sql.first(
                        connection,
                        row -> row.getBoolean(1),
                        "UPDATE workers SET last_seen_at = now() WHERE name = ? RETURNING draining",
                        name)
                .orElse(false));
    }

    /** Says that a worker ended in good order. */
    public void left(String name) {
        transaction(connection -> Sql.update(
                connection, "UPDATE workers SET stopped_at = now(), last_seen_at = now() WHERE name = ?", name));
    }

    /**
     * Removes the workers that nobody saw for thirty days: each start of a process enters one.
     *
     * @param dryRun count only
     * @return how many
     */
    public int forget(boolean dryRun) {
        return transaction(connection -> dryRun
                ? Sql.first(connection, row -> row.getInt(1), "SELECT count(*) FROM workers WHERE " + IS_FORGOTTEN)
                        .orElse(0)
                : Sql.update(connection, "DELETE FROM workers WHERE " + IS_FORGOTTEN));
    }

    /** How many jobs the living workers of an experiment can work on at once, those that drain left out. */
    public int slots(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> Sql.rows(
                                connection,
                                row -> row.getInt(1),
                                "SELECT coalesce(sum(slots), 0) FROM workers WHERE experiment_id = ? AND NOT draining AND "
                                        + IS_ALIVE,
                                experiment.value())
                        .getFirst());
    }

    /** Whether any worker of an experiment lives, those that drain included. */
    public boolean areAlive(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> Sql.exists(
                        connection, "SELECT FROM workers WHERE experiment_id = ? AND " + IS_ALIVE, experiment.value()));
    }

    /** Which of some attempts no longer hold their jobs: those were cancelled, or another attempt has them. */
    public Set<Attempt> takenFrom(String name, Collection<Attempt> atWork) {
        Set<Attempt> taken = new HashSet<>(atWork);
        if (taken.isEmpty()) {
            return taken;
        }
        return Sql.ask(database, connection -> {
            Sql.rows(
                            connection,
                            row -> new Attempt(new JobId(row.getObject(1, UUID.class)), row.getInt(2)),
                            "SELECT id, attempt FROM evolution_jobs WHERE id = ANY (?) AND status = 'RUNNING' AND worker = ?",
                            atWork.stream().map(each -> each.job().value()).toArray(UUID[]::new),
                            name)
                    .forEach(taken::remove);
            return taken;
        });
    }

    /** Those seen lately, and those that ended in the last day; the youngest first. */
    public List<Seen> all() {
        return Sql.ask(database, connection -> Sql.rows(connection, Workers::read, """
                SELECT name, host, pid, version, labels, slots, experiment_id, %s, draining, started_at, last_seen_at, stopped_at
                FROM workers WHERE last_seen_at > now() - interval '1 day' ORDER BY started_at DESC, name""".formatted(IS_ALIVE)));
    }

    private static Seen read(ResultSet rows) throws SQLException {
        UUID experiment = rows.getObject(7, UUID.class);
        var stopped = rows.getTimestamp(12);
        return new Seen(
                new Introduction(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getLong(3),
                        rows.getString(4),
                        List.of((String[]) rows.getArray(5).getArray()),
                        rows.getInt(6)),
                experiment == null ? null : new ExperimentId(experiment),
                rows.getBoolean(8),
                rows.getBoolean(9),
                rows.getTimestamp(10).toInstant(),
                rows.getTimestamp(11).toInstant(),
                stopped == null ? null : stopped.toInstant());
    }

    private <T> T transaction(Sql.Work<T> work) {
        return Sql.transaction(database, work);
    }
}
