package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Repository;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;

/**
 * Experiments that the Python system began, at the moment in which they go on here. Its embeddings and ours cannot be
 * compared, so the archive is laid out anew: every result is offered to it again, with the metrics that were recorded.
 * What that replaces is set aside. Safe for many threads.
 */
public final class PythonExperiments {

    /** Before everything that waits. */
    private static final int ROOT_PRIORITY = 10;

    private static final String OF_EXPERIMENT = " WHERE experiment_id = :experiment";

    private final Database database;

    public PythonExperiments(Database database) {
        this.database = database;
    }

    /** Those of a name, in whatever repository. */
    public List<Experiment> named(String name) {
        return database.transaction(session -> new ExperimentQueries_(session).allNamed(name));
    }

    /** The commits that its jobs started from or ended with, as far as they are needed again. */
    public List<CommitHash> commits(ExperimentId experiment) {
        return database
                .transaction(session -> session.createNativeQuery("""
                        SELECT result_commit_hash FROM evolution_jobs WHERE experiment_id = :experiment AND status = 'SUCCEEDED'
                        UNION SELECT base_commit_hash FROM evolution_jobs WHERE experiment_id = :experiment AND completed_at IS NULL
                        UNION SELECT unnest(inspiration_commit_hashes) FROM evolution_jobs WHERE experiment_id = :experiment AND completed_at IS NULL
                        """, String.class)
                        .setParameter("experiment", experiment.value())
                        .getResultList())
                .stream()
                .flatMap(Stream::ofNullable)
                .map(CommitHash::new)
                .toList();
    }

    /**
     * How an experiment goes on.
     *
     * @param repository where it belongs from now on
     * @param metric the objective's name
     * @param lost commits that cannot be found any more
     */
    public record Continuation(
            Experiment experiment,
            Repository repository,
            String configHash,
            Map<String, Object> snapshot,
            CommitHash root,
            String metric,
            Collection<CommitHash> lost) {

        public Continuation {
            lost = List.copyOf(lost);
        }
    }

    /**
     * Makes it one of ours, in one transaction.
     *
     * @return false, with nothing changed, if somebody was faster
     */
    public boolean goOn(Continuation how) {
        return database.transaction(session -> {
            session.doWork(Database::unhurried);
            UUID experiment = how.experiment().id().value();
            Object hash = session.createNativeQuery(
                            "SELECT config_hash FROM experiments WHERE id = :id FOR UPDATE", String.class)
                    .setParameter("id", experiment)
                    .getSingleResult();
            if (!how.experiment().configHash().equals(hash)) {
                return false;
            }
            setAside(session, experiment);
            offerAgain(session, how);
            withoutTheLost(session, how);
            measureRoot(session, how);
            session.createNativeMutationQuery("""
                            UPDATE experiments SET repository_id = :repository, config_hash = :hash,
                                config_snapshot = cast(:snapshot AS jsonb), status = 'active' WHERE id = :experiment""")
                    .setParameter("repository", how.repository().id())
                    .setParameter("hash", how.configHash())
                    .setParameter("snapshot", JsonText.of(how.snapshot()))
                    .setParameter("experiment", experiment)
                    .executeUpdate();
            return true;
        });
    }

    /** The vectors of the history stay where they are until new ones of the same commits replace them. */
    private static void setAside(StatelessSession session, UUID experiment) {
        session.createNativeMutationQuery("""
                        INSERT INTO set_aside (table_name, reason, row_data)
                        SELECT 'experiments', 'the settings it had under the Python system', to_jsonb(e) FROM experiments e WHERE id = :experiment
                        UNION ALL SELECT 'map_elites_states', 'of the embedding of the Python system', to_jsonb(s) FROM map_elites_states s WHERE experiment_id = :experiment
                        UNION ALL SELECT 'map_elites_archive_cells', 'of the embedding of the Python system', to_jsonb(c) FROM map_elites_archive_cells c WHERE experiment_id = :experiment
                        """)
                .setParameter("experiment", experiment)
                .executeUpdate();
        for (String change : List.of(
                "DELETE FROM map_elites_archive_cells",
                "DELETE FROM map_elites_states",
                "UPDATE map_elites_pca_history SET objective = NULL",
                "UPDATE evolution_jobs SET island_id = '%s'".formatted(IslandKey.DEFAULT_ISLAND),
                "UPDATE commit_cards SET island_id = '%s'".formatted(IslandKey.DEFAULT_ISLAND))) {
            session.createNativeMutationQuery(change + OF_EXPERIMENT)
                    .setParameter("experiment", experiment)
                    .executeUpdate();
        }
    }

    private static void offerAgain(StatelessSession session, Continuation how) {
        session.createNativeMutationQuery("""
                        UPDATE evolution_jobs j SET
                            ingestion_status = CASE WHEN measured THEN NULL ELSE 'skipped' END,
                            ingestion_message = CASE WHEN measured THEN NULL ELSE :unmeasured END,
                            ingestion_delta = NULL, ingestion_attempts = 0, ingestion_next_attempt_at = NULL, ingestion_cell_index = NULL
                        FROM (SELECT id, EXISTS (SELECT FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id
                                  WHERE c.experiment_id = :experiment AND c.commit_hash = result_commit_hash AND m.name = :metric) AS measured
                              FROM evolution_jobs WHERE experiment_id = :experiment AND status = 'SUCCEEDED') known
                        WHERE j.id = known.id""")
                .setParameter(
                        "unmeasured", "its commit was recorded without the objective '%s'".formatted(how.metric()))
                .setParameter("metric", how.metric())
                .setParameter("experiment", how.experiment().id().value())
                .executeUpdate();
    }

    private static void withoutTheLost(StatelessSession session, Continuation how) {
        String[] lost = how.lost().stream().map(CommitHash::value).toArray(String[]::new);
        session.createNativeMutationQuery("""
                        UPDATE evolution_jobs SET ingestion_status = 'skipped', ingestion_message = 'its commit is not in the repository any more'
                        WHERE experiment_id = :experiment AND status = 'SUCCEEDED' AND result_commit_hash = ANY (:lost)""")
                .setParameter("lost", lost, String[].class)
                .setParameter("experiment", how.experiment().id().value())
                .executeUpdate();
        session.doWork(connection ->
                JobEdges.cancelThoseFrom(connection, how.experiment().id().value(), List.of(lost)));
    }

    /** The root competes here. It is offered first, as it was measured, or else measured, and its card is written anew. */
    private static void measureRoot(StatelessSession session, Continuation how) {
        UUID job = UUID.randomUUID();
        int measured = session.createNativeMutationQuery("""
                        INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, experiment_id, sampling_strategy,
                            scheduled_at, started_at, completed_at, result_commit_hash)
                        SELECT :job, 'SUCCEEDED', 'ROOT', :root, :island, experiment_id, 'root', first.at, first.at, first.at, :root
                        FROM commit_cards c, LATERAL (SELECT least(c.created_at, min(completed_at) - interval '1 ms') AS at
                            FROM evolution_jobs WHERE experiment_id = :experiment) first
                        WHERE experiment_id = :experiment AND commit_hash = :root
                          AND EXISTS (SELECT FROM metrics m WHERE m.commit_card_id = c.id AND m.name = :metric)""")
                .setParameter("metric", how.metric())
                .setParameter("job", job)
                .setParameter("root", how.root().value())
                .setParameter("island", IslandKey.DEFAULT_ISLAND)
                .setParameter("experiment", how.experiment().id().value())
                .executeUpdate();
        if (measured == 0) {
            toBeMeasured(session, how, job);
        }
        session.createNativeMutationQuery(
                        "UPDATE commit_cards SET job_id = :job WHERE experiment_id = :experiment AND commit_hash = :root")
                .setParameter("job", job)
                .setParameter("root", how.root().value())
                .setParameter("experiment", how.experiment().id().value())
                .executeUpdate();
    }

    private static void toBeMeasured(StatelessSession session, Continuation how, UUID job) {
        for (String change : List.of("""
                INSERT INTO set_aside (table_name, reason, row_data)
                SELECT 'commit_cards', 'the root is measured anew', to_jsonb(c) FROM commit_cards c WHERE experiment_id = :experiment AND commit_hash = :root
                UNION ALL SELECT 'metrics', 'the root is measured anew', to_jsonb(m) FROM metrics m JOIN commit_cards c ON c.id = m.commit_card_id
                WHERE experiment_id = :experiment AND commit_hash = :root""", """
                DELETE FROM commit_cards WHERE experiment_id = :experiment AND commit_hash = :root""")) {
            session.createNativeMutationQuery(change)
                    .setParameter("root", how.root().value())
                    .setParameter("experiment", how.experiment().id().value())
                    .executeUpdate();
        }
        session.createNativeMutationQuery("""
                        INSERT INTO evolution_jobs (id, kind, base_commit_hash, island_id, experiment_id, sampling_strategy, priority, scheduled_at)
                        VALUES (:job, 'ROOT', :root, :island, :experiment, 'root', :priority, now())""")
                .setParameter("job", job)
                .setParameter("root", how.root().value())
                .setParameter("island", IslandKey.DEFAULT_ISLAND)
                .setParameter("priority", ROOT_PRIORITY)
                .setParameter("experiment", how.experiment().id().value())
                .executeUpdate();
    }
}
