package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How recorded commits came to be, what was tried beside them, and summaries of that. Safe for many threads. */
public final class Lineages {

    /** Steps back from a commit that are looked at; more is no longer told to anybody. */
    private static final int DEEPEST = 4096;

    private final Database database;

    public Lineages(Database database) {
        this.database = database;
    }

    /**
     * The ancestors of some commits, themselves included, as far as they are recorded; each once, in no order.
     *
     * @param metric whose value is the objective
     */
    public List<Ancestor> ancestors(ExperimentId experiment, Collection<CommitHash> commits, String metric) {
        return query(
                """
                WITH RECURSIVE chain (hash, parent, step) AS (
                    SELECT commit_hash, parent_commit_hash, 0 FROM commit_cards WHERE experiment_id = ? AND commit_hash = ANY (?)
                    UNION
                    SELECT card.commit_hash, card.parent_commit_hash, step + 1
                    FROM chain JOIN commit_cards card ON card.experiment_id = ? AND card.commit_hash = chain.parent
                    WHERE step < %d)
                SELECT card.commit_hash, card.parent_commit_hash, card.change_summary, metrics.value
                FROM (SELECT DISTINCT hash FROM chain) found
                JOIN commit_cards card ON card.experiment_id = ? AND card.commit_hash = found.hash
                LEFT JOIN metrics ON metrics.commit_card_id = card.id AND metrics.name = ? AND NOT metrics.is_private""".formatted(DEEPEST),
                rows -> new Ancestor(
                        new CommitHash(rows.getString(1)), hash(rows.getString(2)), rows.getString(3), number(rows, 4)),
                experiment.value(),
                commits.stream().map(CommitHash::value).toArray(String[]::new),
                experiment.value(),
                experiment.value(),
                metric);
    }

    /**
     * The jobs that ended last, from a base and on an island; youngest first, those from the base before the others.
     *
     * @param limit of each
     * @param metric whose value is the objective
     */
    public List<PastAttempt> tried(ExperimentId experiment, CommitHash base, String island, int limit, String metric) {
        return query(
                """
                WITH ended AS (
                    (SELECT id FROM evolution_jobs WHERE experiment_id = ? AND base_commit_hash = ? AND completed_at IS NOT NULL
                        AND status <> 'CANCELLED' AND kind IN ('SEED', 'EVOLVE') ORDER BY completed_at DESC LIMIT ?)
                    UNION
                    (SELECT id FROM evolution_jobs WHERE experiment_id = ? AND island_id = ? AND completed_at IS NOT NULL
                        AND status <> 'CANCELLED' AND kind IN ('SEED', 'EVOLVE') ORDER BY completed_at DESC LIMIT ?))
                SELECT job.base_commit_hash, plan.summary, coalesce(card.change_summary, code.summary), job.failure_kind,
                    job.last_error, measured.value, before.value, coalesce(card.feedback, card.evaluation_summary),
                    card.verdict_reason, coalesce(job.ingestion_status = 'succeeded', false)
                FROM ended JOIN evolution_jobs job ON job.id = ended.id
                LEFT JOIN commit_cards card ON card.experiment_id = job.experiment_id AND card.commit_hash = job.result_commit_hash
                LEFT JOIN metrics measured ON measured.commit_card_id = card.id AND measured.name = ?
                    AND NOT measured.is_private
                LEFT JOIN commit_cards base ON base.experiment_id = job.experiment_id AND base.commit_hash = job.base_commit_hash
                LEFT JOIN metrics before ON before.commit_card_id = base.id AND before.name = ? AND NOT before.is_private
                LEFT JOIN LATERAL (SELECT result ->> 'summary' AS summary FROM job_stages WHERE job_id = job.id AND stage = 'PLAN'
                    AND outcome = 'SUCCEEDED' ORDER BY attempt DESC LIMIT 1) plan ON true
                LEFT JOIN LATERAL (SELECT result ->> 'summary' AS summary FROM job_stages WHERE job_id = job.id AND stage = 'CODE'
                    AND outcome = 'SUCCEEDED' ORDER BY attempt DESC LIMIT 1) code ON true
                ORDER BY job.base_commit_hash = ? DESC, job.completed_at DESC, job.id""",
                rows -> new PastAttempt(
                        hash(rows.getString(1)),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4) == null ? null : FailureKind.valueOf(rows.getString(4)),
                        rows.getString(5),
                        number(rows, 6),
                        number(rows, 7),
                        rows.getString(8),
                        rows.getString(9),
                        rows.getBoolean(10)),
                experiment.value(),
                base.value(),
                limit,
                experiment.value(),
                island,
                limit,
                metric,
                metric,
                base.value());
    }

    /** What the planner said when it was asked for directions, with the root; empty if it was not. */
    public String proposal(ExperimentId experiment) {
        return query("""
                SELECT coalesce(stage.result ->> 'summary', '') || coalesce((
                    SELECT string_agg(E'\\n- ' || note, '')
                    FROM jsonb_array_elements_text(stage.result #> '{details,plan,handoff_notes}') AS note), '')
                FROM evolution_jobs job JOIN job_stages stage ON stage.job_id = job.id
                WHERE job.experiment_id = ? AND job.kind = 'ROOT' AND stage.stage = 'PLAN' AND stage.outcome = 'SUCCEEDED'
                ORDER BY stage.started_at DESC LIMIT 1""", rows -> rows.getString(1), experiment.value()).stream()
                .findFirst()
                .orElse("");
    }

    /** The summary of a chunk that a model wrote, if it did. */
    public Optional<String> summary(ExperimentId experiment, Chunk chunk, String model) {
        return query(
                        """
                SELECT summary FROM commit_chunk_summaries
                WHERE experiment_id = ? AND start_commit_hash = ? AND end_commit_hash = ? AND block_size = ? AND model = ?""",
                        rows -> rows.getString(1),
                        experiment.value(),
                        chunk.start().value(),
                        chunk.end().value(),
                        chunk.steps(),
                        model)
                .stream()
                .findFirst();
    }

    /** Keeps the summary that a model wrote of a chunk; the first of two stays. */
    public void keepSummary(ExperimentId experiment, Chunk chunk, String model, String summary) {
        database.transaction(session -> session.doReturningWork(connection -> Sql.update(
                connection,
                """
                INSERT INTO commit_chunk_summaries
                    (experiment_id, start_commit_hash, end_commit_hash, block_size, model, step_count, summary)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                experiment.value(),
                chunk.start().value(),
                chunk.end().value(),
                chunk.steps(),
                model,
                chunk.steps(),
                Jobs.storable(summary))));
    }

    /**
     * Some consecutive steps.
     *
     * @param start the commit that the first step was made from
     * @param end the commit that the last step made
     */
    public record Chunk(CommitHash start, CommitHash end, int steps) {}

    private <T> List<T> query(String sql, Sql.Reader<T> reader, @Nullable Object... values) {
        return Sql.ask(database, connection -> Sql.rows(connection, reader, sql, values));
    }

    private static @Nullable CommitHash hash(@Nullable String hash) {
        return hash == null ? null : new CommitHash(hash);
    }

    private static @Nullable Double number(ResultSet rows, int column) throws SQLException {
        double value = rows.getDouble(column);
        return rows.wasNull() ? null : value;
    }
}
