package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.Spending;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the jobs of an experiment used. Read from sums that triggers keep, so that the number of jobs does not matter. Safe
 * for many threads.
 */
public final class Expenses {

    private final Database database;

    public Expenses(Database database) {
        this.database = database;
    }

    /** What has been used, and by how many jobs that may use more. */
    public Expenditure of(ExperimentId experiment) {
        return Sql.ask(database, connection -> {
            Spending spent = byAgent(connection, experiment).values().stream().reduce(Spending.NONE, Spending::plus);
            List<Spending> open = Sql.rows(connection, row -> spending(row, 1), """
                    SELECT sum(s.calls), sum(s.unpriced_calls), sum(s.input_tokens), sum(s.cached_input_tokens),
                        sum(s.output_tokens), sum(s.cost_usd)
                    FROM evolution_jobs j JOIN job_stages s ON s.job_id = j.id
                    WHERE j.experiment_id = ? AND j.completed_at IS NULL GROUP BY j.id""", experiment.value());
            return Sql.rows(
                            connection,
                            row -> new Expenditure(spent, row.getDouble(1), row.getLong(2), open),
                            """
                            SELECT coalesce(max(dearest_usd), 0), coalesce(max(largest_tokens), 0)
                            FROM agent_sums WHERE experiment_id = ?""",
                            experiment.value())
                    .getFirst();
        });
    }

    /** What each agent's jobs came to, of those that name their agent; sorted by name. */
    public List<ArmRecord> arms(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> Sql.rows(
                        connection,
                        row -> new ArmRecord(
                                row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), spending(row, 5)),
                        """
                        SELECT agent, sum(jobs_drawn), sum(jobs_ended), sum(jobs_kept), sum(calls), sum(unpriced_calls),
                            sum(input_tokens), sum(cached_input_tokens), sum(output_tokens), sum(cost_usd)
                        FROM agent_sums WHERE experiment_id = ? GROUP BY agent HAVING sum(jobs_drawn) > 0 ORDER BY agent""",
                        experiment.value()));
    }

    /** The model of the call without a known price that was begun last; empty if the provider did not name it. */
    public Optional<String> unpricedModel(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection ->
                        Sql.rows(connection, row -> Optional.ofNullable(row.getString(1)), """
                                SELECT model FROM job_stages WHERE experiment_id = ? AND unpriced_calls > 0
                                ORDER BY started_at DESC LIMIT 1""", experiment.value())
                                .stream()
                                .flatMap(Optional::stream)
                                .findFirst());
    }

    /** By the agent's name, sorted; agents that used nothing are left out. */
    static SequencedMap<String, Spending> byAgent(Connection connection, ExperimentId experiment) throws SQLException {
        SequencedMap<String, Spending> found = new LinkedHashMap<>();
        Sql.rows(connection, row -> found.put(row.getString(1), spending(row, 2)), """
                SELECT agent, sum(calls), sum(unpriced_calls), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
                    sum(cost_usd)
                FROM agent_sums WHERE experiment_id = ? GROUP BY agent HAVING sum(calls) > 0 ORDER BY agent""", experiment.value());
        return found;
    }

    /** Six columns in the order of the record; a cost that is a sum of differences may end a hair below 0. */
    private static Spending spending(ResultSet row, int first) throws SQLException {
        return new Spending(
                row.getLong(first),
                row.getLong(first + 1),
                row.getLong(first + 2),
                row.getLong(first + 3),
                row.getLong(first + 4),
                Math.max(0, row.getDouble(first + 5)));
    }

    /**
     * What an experiment used up to a moment.
     *
     * @param spent by all jobs
     * @param dearestUsd the most that one job cost
     * @param largestTokens the most tokens that one job used
     * @param open what each job used that has begun and not ended
     */
    public record Expenditure(Spending spent, double dearestUsd, long largestTokens, List<Spending> open) {

        public Expenditure {
            open = List.copyOf(open);
        }
    }
}
