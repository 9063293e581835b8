package io.loreley.store;

import io.loreley.domain.AuditEntry;
import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Hint;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The orders that people give a search, from the command line or the dashboard. Each is one transaction with its entry in
 * the audit trail, takes effect within a tick, and answers with a message of kind CONFIGURATION, changing nothing, if
 * there is nothing to do it to. Needs no session factory. Safe for many threads.
 */
public final class Controls {

    private final Database database;

    public Controls(Database database) {
        this.database = database;
    }

    /** Nothing new is drawn or dispatched; what is queued or at work is finished. */
    public void pause(ExperimentId experiment, String actor) {
        setPaused(experiment, actor, true);
    }

    public void resume(ExperimentId experiment, String actor) {
        setPaused(experiment, actor, false);
    }

    private void setPaused(ExperimentId experiment, String actor, boolean paused) {
        order(connection -> {
            Sql.update(connection, """
                    INSERT INTO experiment_controls (experiment_id, paused) VALUES (?, ?)
                    ON CONFLICT (experiment_id) DO UPDATE SET paused = excluded.paused""", experiment.value(), paused);
            audit(connection, experiment, actor, paused ? "pause" : "resume", null, null);
            return true;
        });
    }

    public boolean isPaused(ExperimentId experiment) {
        return order(connection -> Sql.exists(
                connection, "SELECT FROM experiment_controls WHERE experiment_id = ? AND paused", experiment.value()));
    }

    /**
     * Ends a job that has not ended. A worker that is at it finds out within about a second, and ends its programs.
     *
     * @return the whole id
     */
    public JobId cancel(String job, String actor) {
        return cancel(null, job, actor);
    }

    /** @param experiment whose job it has to be; absent for any's */
    public JobId cancel(@Nullable ExperimentId experiment, String job, String actor) {
        return order(connection -> {
            Found found = find(connection, experiment, job);
            if (!JobEdges.cancel(connection, found.id())) {
                throw refused("job %s has ended: it is %s. Nothing was changed.".formatted(found.id(), found.status()));
            }
            audit(connection, found.experiment(), actor, "cancel", found.id().toString(), null);
            return new JobId(found.id());
        });
    }

    /**
     * Has a job worked on again. One that runs is taken from its worker; one that waits out a pause waits no longer. One
     * that failed or was cancelled stays as it ended: another job with the same base, inspirations, words and seed goes on
     * from the stages that it finished. It counts as no new draw.
     *
     * @return the job that is worked on
     */
    public Requeued requeue(String job, String actor) {
        return requeue(null, job, actor);
    }

    /** @param experiment whose job it has to be; absent for any's */
    public Requeued requeue(@Nullable ExperimentId experiment, String job, String actor) {
        return order(connection -> {
            Found found = find(connection, experiment, job);
            UUID id = found.id();
            UUID again = switch (found.status()) {
                case FAILED, CANCELLED -> Requeue.copy(connection, id);
                case RUNNING -> {
                    if (!JobEdges.takeFromWorker(connection, id)) {
                        throw refused(
                                "job %s has just left its worker; look again. Nothing was changed.".formatted(id));
                    }
                    yield id;
                }
                case QUEUED -> {
                    Requeue.hasten(connection, id);
                    yield id;
                }
                case PENDING, SUCCEEDED ->
                    throw refused(
                            "job %s is %s; what succeeded is not run again, and what is pending comes by itself. Nothing was changed."
                                    .formatted(id, found.status()));
            };
            String details = again.equals(id) ? "was " + found.status() : "as job " + again;
            audit(connection, found.experiment(), actor, "requeue", id.toString(), details);
            return new Requeued(new JobId(again), found.status());
        });
    }

    /**
     * A job that is worked on again.
     *
     * @param was the state in which the order found the job; if that was final, {@code job} is another
     */
    public record Requeued(JobId job, JobStatus was) {

        /** The state that {@code job} is in now. */
        public JobStatus status() {
            return was.isFinal() ? JobStatus.PENDING : JobStatus.QUEUED;
        }
    }

    /** Lets a worker finish what it is at, and take nothing more. */
    public String drain(String worker, String actor) {
        return drain(null, worker, actor);
    }

    /** @param experiment that it has to work on; absent for any */
    public String drain(@Nullable ExperimentId experiment, String worker, String actor) {
        return order(connection -> {
            UUID within = experiment == null ? null : experiment.value();
            List<String> names = Sql.texts(connection, """
                    SELECT name FROM workers WHERE stopped_at IS NULL AND starts_with(name, ?)
                        AND (?::uuid IS NULL OR experiment_id = ?::uuid) ORDER BY name LIMIT 2""", worker, within, within);
            if (names.size() != 1) {
                throw refused(
                        names.isEmpty()
                                ? "no worker at work%s is named '%s'. `loreley workers` lists them."
                                        .formatted(experiment == null ? "" : " on this experiment", worker)
                                : "several workers' names begin with '%s': say more of it".formatted(worker));
            }
            String name = names.getFirst();
            Sql.update(connection, "UPDATE workers SET draining = true WHERE name = ?", name);
            audit(connection, null, actor, "drain", name, null);
            return name;
        });
    }

    /** Marks a recorded commit, by the beginning of its hash; the mark takes the place of another. */
    public CommitHash mark(ExperimentId experiment, String commit, CommitMark mark, String actor) {
        return order(connection -> {
            CommitHash hash = recorded(connection, experiment, commit);
            Marks.set(connection, experiment, hash, mark);
            audit(connection, experiment, actor, mark == CommitMark.PINNED ? "pin" : "ban", hash.value(), null);
            return hash;
        });
    }

    /**
     * Takes a commit's mark away, if it has one.
     *
     * @param mark the one that is meant; absent for whichever it has
     * @throws LoreleyException of kind CONFIGURATION if it has another
     */
    public CommitHash unmark(ExperimentId experiment, String commit, @Nullable CommitMark mark, String actor) {
        return order(connection -> {
            CommitHash hash = recorded(connection, experiment, commit);
            Marks.remove(connection, experiment, hash, mark);
            audit(connection, experiment, actor, "unmark", hash.value(), null);
            return hash;
        });
    }

    public Map<CommitHash, CommitMark> marks(ExperimentId experiment) {
        return order(connection -> Marks.of(connection, experiment));
    }

    /**
     * Has prompts say something from now on.
     *
     * @param island whose prompts; absent for all
     */
    public void hint(ExperimentId experiment, @Nullable String island, String text, String actor) {
        order(connection -> {
            if (island != null) {
                requireIsland(connection, experiment, island);
            }
            say(connection, experiment, island, "HINT", text);
            audit(connection, experiment, actor, "hint", island, text);
            return true;
        });
    }

    /** Gives an island a goal of its own, in place of the experiment's and of an earlier one of its own. */
    public void goal(ExperimentId experiment, String island, String text, String actor) {
        order(connection -> {
            requireIsland(connection, experiment, island);
            Sql.update(
                    connection,
                    "DELETE FROM hints WHERE experiment_id = ? AND island_id = ? AND kind = 'GOAL'",
                    experiment.value(),
                    island);
            say(connection, experiment, island, "GOAL", text);
            audit(connection, experiment, actor, "goal", island, text);
            return true;
        });
    }

    /** Takes back all hints and goals of an experiment; answers how many there were. */
    public int clearHints(ExperimentId experiment, String actor) {
        return order(connection -> {
            int cleared = Sql.update(connection, "DELETE FROM hints WHERE experiment_id = ?", experiment.value());
            audit(connection, experiment, actor, "clear-hints", null, null);
            return cleared;
        });
    }

    /** What stands, oldest first. */
    public List<Hint> hints(ExperimentId experiment) {
        return order(connection -> Sql.rows(
                connection,
                row -> new Hint(
                        row.getLong(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant()),
                "SELECT id, island_id, kind = 'GOAL', text, created_at FROM hints WHERE experiment_id = ? ORDER BY id",
                experiment.value()));
    }

    /** What was ordered, newest first: of one experiment, and of workers. */
    public List<AuditEntry> audit(ExperimentId experiment, int limit) {
        return order(connection -> Sql.rows(
                connection,
                row -> new AuditEntry(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)),
                """
                SELECT id, created_at, actor, action, target, details FROM audit_log
                WHERE experiment_id = ? OR experiment_id IS NULL ORDER BY id DESC LIMIT ?""",
                experiment.value(),
                limit));
    }

    private static void say(
            Connection connection, ExperimentId experiment, @Nullable String island, String kind, String text)
            throws SQLException {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw refused("a %s needs words that can be stored".formatted(kind.toLowerCase(Locale.ROOT)));
        }
        Sql.update(
                connection,
                "INSERT INTO hints (experiment_id, island_id, kind, text) VALUES (?, ?, ?, ?)",
                experiment.value(),
                island,
                kind,
                text.strip());
    }

    /** One of the settings, which may have no archive yet, or one that has an archive. */
    private static void requireIsland(Connection connection, ExperimentId experiment, String island)
            throws SQLException {
        int number = Sql.first(
                        connection,
                        row -> row.getInt(1),
                        "SELECT coalesce((config_snapshot #>> '{search,islands}')::int, 1) FROM experiments WHERE id = ?",
                        experiment.value())
                .orElse(1);
        Set<String> islands = new LinkedHashSet<>(IslandKey.names(number));
        islands.addAll(Sql.texts(
                connection,
                "SELECT island_id FROM map_elites_states WHERE experiment_id = ? ORDER BY island_id",
                experiment.value()));
        if (!islands.contains(island)) {
            throw refused("there is no island '%s'; there are %s"
                    .formatted(Limits.clamp(Limits.oneLine(island), Limits.ISLAND), islands));
        }
    }

    private static CommitHash recorded(Connection connection, ExperimentId experiment, String commit)
            throws SQLException {
        List<String> found = Sql.texts(
                connection,
                "SELECT commit_hash FROM commit_cards WHERE experiment_id = ? AND starts_with(commit_hash, ?) ORDER BY commit_hash LIMIT 2",
                experiment.value(),
                commit);
        if (found.size() != 1) {
            throw found.isEmpty()
                    ? refused("no commit that the experiment recorded begins with '%s'".formatted(commit))
                    : ambiguousCommit(commit);
        }
        return new CommitHash(found.getFirst());
    }

    private record Found(UUID id, @Nullable ExperimentId experiment, JobStatus status) {}

    private static Found find(Connection connection, @Nullable ExperimentId within, String job) throws SQLException {
        UUID whose = within == null ? null : within.value();
        List<Found> found = Sql.rows(
                connection,
                row -> {
                    UUID experiment = row.getObject(2, UUID.class);
                    return new Found(
                            row.getObject(1, UUID.class),
                            experiment == null ? null : new ExperimentId(experiment),
                            JobStatus.valueOf(row.getString(3)));
                },
                """
                SELECT id, experiment_id, status::text FROM evolution_jobs WHERE id >= ?::uuid AND id <= ?::uuid
                    AND (?::uuid IS NULL OR experiment_id = ?::uuid) LIMIT 2""",
                edge(job, '0'),
                edge(job, 'f'),
                whose,
                whose);
        if (found.size() != 1) {
            throw refused(
                    found.isEmpty()
                            ? "there is no job '%s'%s".formatted(job, within == null ? "" : " of this experiment")
                            : "several jobs begin with '%s': say more of the id".formatted(job));
        }
        return found.getFirst();
    }

    /** The first or last id that begins with some digits, so that an index finds it. */
    private static String edge(String beginning, char digit) {
        String digits = beginning.replace("-", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{4,32}")) {
            throw refused("'%s' is no job: at least the first four digits of its id are needed"
                    .formatted(Limits.clamp(Limits.oneLine(beginning), 60)));
        }
        return digits + String.valueOf(digit).repeat(32 - digits.length());
    }

    private static void audit(
            Connection connection,
            @Nullable ExperimentId experiment,
            String actor,
            String action,
            @Nullable String target,
            @Nullable String details)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO audit_log (experiment_id, actor, action, target, details) VALUES (?, ?, ?, ?, ?)",
                experiment == null ? null : experiment.value(),
                Limits.clamp(actor, Limits.NAME),
                action,
                target,
                details);
    }

    static LoreleyException ambiguousCommit(String digits) {
        return refused("several recorded commits begin with '%s': say more of the hash".formatted(digits));
    }

    static LoreleyException refused(String message) {
        return new LoreleyException(FailureKind.CONFIGURATION, message);
    }

    private <T> T order(Sql.Work<T> order) {
        try {
            return Sql.transaction(database, order);
        } catch (LoreleyException e) {
            throw SqlErrors.isOfValue(e) ? new UnusableValueException(String.valueOf(e.getMessage()), e) : e;
        }
    }
}
