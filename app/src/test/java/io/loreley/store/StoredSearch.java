package io.loreley.store;

import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Measurement;
import io.loreley.domain.Repository;
import io.loreley.domain.Sampling;
import io.loreley.domain.StageName;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An experiment in a database, with what moves its jobs and keeps its archive. */
final class StoredSearch {

    static final int HISTORY_LIMIT = 4;
    static final String WORKER = "worker-1";

    final SettableClock clock = new SettableClock(Rows.NOON);
    final Database database;
    final Experiment experiment;
    final IslandKey island;
    final JobQueue queue;
    final Jobs jobs;
    final Stages stages;
    final Archives archives;

    StoredSearch(Database database) {
        this(database, 1);
    }

    /** @param number distinguishes searches of one database */
    StoredSearch(Database database, int number) {
        this.database = database;
        Repository repository = Rows.repository(number);
        this.experiment = Rows.experiment(repository, number);
        database.transaction(session -> {
            session.insert(repository);
            session.insert(experiment);
            return null;
        });
        this.island = new IslandKey(experiment.id(), IslandKey.DEFAULT_ISLAND);
        this.queue = new JobQueue(experiment.id(), clock);
        this.jobs = new Jobs(database, queue, clock);
        this.stages = new Stages(database, clock);
        this.archives = new Archives(database, clock, HISTORY_LIMIT);
    }

    /** A job that nobody has stored yet. */
    EvolutionJob job(int number, int priority, Instant scheduledAt) {
        return new EvolutionJob(
                new JobId(new UUID(3, number)),
                experiment,
                JobKind.EVOLVE,
                Rows.commit(0),
                IslandKey.DEFAULT_ISLAND,
                new JobSpec("faster", List.of(), List.of(), List.of(), List.of(), null),
                Sampling.none("rank"),
                (long) number,
                number,
                priority,
                scheduledAt);
    }

    JobId pending(int number) {
        EvolutionJob job = job(number, 0, Rows.NOON);
        jobs.draw(job);
        return job.id();
    }

    JobId queued(int number) {
        JobId job = pending(number);
        jobs.dispatch(experiment.id(), Integer.MAX_VALUE);
        return job;
    }

    /** Claimed: its attempt is 1. */
    JobId running(int number) {
        JobId job = queued(number);
        claim(job);
        return job;
    }

    EvolutionJob claim(JobId job) {
        return jobs.claim(job, WORKER, "prepare").orElseThrow();
    }

    boolean begin(EvolutionJob claimed, StageName stage) {
        return stages.begin(claimed, stage, WORKER, "command", "artifacts/attempt-" + claimed.attempt());
    }

    EvolutionJob succeeded(int number) {
        JobId job = running(number);
        if (!jobs.succeed(job, 1, result(job, number))) {
            throw new IllegalStateException("job %s cannot succeed".formatted(job));
        }
        return find(job);
    }

    boolean cancel(JobId job) {
        return Sql.transaction(database, connection -> JobEdges.cancel(connection, job.value()));
    }

    /** The worker that claimed it is gone. */
    void lose(JobId job) {
        jobs.lost(job, WORKER);
    }

    EvolutionJob find(JobId job) {
        return jobs.find(job).orElseThrow();
    }

    EvolutionJob findWithExperiment(JobId job) {
        return database.transaction(session -> new JobQueries_(session).withExperiment(job.value()))
                .orElseThrow();
    }

    JobResult result(JobId job, int number) {
        return new JobResult(
                Rows.card(experiment, find(job), number),
                List.of(
                        new Measurement("score", number, null, Direction.MAXIMIZE, Map.of()),
                        new Measurement("seconds", 1.5, "s", Direction.MINIMIZE, Map.of("runs", 3))),
                JobArtifacts.Paths.NONE,
                "a plan");
    }

    int execute(String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            return Math.max(0, statement.getUpdateCount());
        } catch (SQLException e) {
            throw new IllegalStateException("%s: %s".formatted(sql, e.getMessage()), e);
        }
    }

    /** The first column of the first row, as text. */
    String value(String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        } catch (SQLException e) {
            throw new IllegalStateException("%s: %s".formatted(sql, e.getMessage()), e);
        }
    }
}
