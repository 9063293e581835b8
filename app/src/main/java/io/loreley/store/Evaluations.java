package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finished evaluations, by what was measured and by what. Safe for many threads. */
public final class Evaluations {

    private final Database database;

    public Evaluations(Database database) {
        this.database = database;
    }

    /**
     * What was measured, and by what.
     *
     * @param tree the hash of the commit's files
     * @param evaluator differs wherever the same tree might be judged otherwise
     */
    public record Subject(ExperimentId experiment, String tree, String evaluator) {}

    /** What was measured of it, as JSON values. */
    public Optional<Map<String, Object>> find(Subject subject) {
        return Sql.ask(
                database,
                connection ->
                        Sql.texts(connection, """
                                SELECT result::text FROM evaluations
                                WHERE experiment_id = ? AND tree_hash = ? AND evaluator_hash = ?""", subject.experiment().value(), subject.tree(), subject.evaluator())
                                .stream()
                                .map(text -> Json.values(
                                        "the stored evaluation", Json.parse(text.getBytes(StandardCharsets.UTF_8))))
                                .findFirst());
    }

    /**
     * Keeps a result. Of two that measured the same at once, the first stays.
     *
     * @return whether it was the first
     */
    public boolean remember(Subject subject, String job, Map<String, ?> result) {
        return database.transaction(session -> session.doReturningWork(connection -> Sql.update(
                        connection,
                        """
                        INSERT INTO evaluations (experiment_id, tree_hash, evaluator_hash, result, job_id)
                        SELECT ?, ?, ?, ?::jsonb, (SELECT id FROM evolution_jobs WHERE id = ?)
                        ON CONFLICT DO NOTHING""",
                        subject.experiment().value(),
                        subject.tree(),
                        subject.evaluator(),
                        JsonText.of(result),
                        UUID.fromString(job)))
                == 1);
    }
}
