package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.Spending;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
        return database.read(session -> session.doReturningWork(connection -> read(connection, experiment)));
    }

    /** What each agent's jobs came to, of those that name their agent; sorted by name. */
    public List<ArmRecord> arms(ExperimentId experiment) {
        return database.read(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT agent, sum(jobs_drawn), sum(jobs_ended), sum(jobs_kept), sum(calls), sum(unpriced_calls),
                        sum(input_tokens), sum(cached_input_tokens), sum(output_tokens), sum(cost_usd)
                    FROM agent_sums WHERE experiment_id = ? GROUP BY agent HAVING sum(jobs_drawn) > 0 ORDER BY agent""")) {
                statement.setObject(1, experiment.value());
                List<ArmRecord> arms = new ArrayList<>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        arms.add(new ArmRecord(
                                rows.getString(1),
                                rows.getLong(2),
                                rows.getLong(3),
                                rows.getLong(4),
                                new Spending(
                                        rows.getLong(5),
                                        rows.getLong(6),
                                        rows.getLong(7),
                                        rows.getLong(8),
                                        rows.getLong(9),
                                        Math.max(0, rows.getDouble(10)))));
                    }
                }
                return arms;
            }
        }));
    }

    /** The model of the call without a known price that was begun last; empty if the provider did not name it. */
    public Optional<String> unpricedModel(ExperimentId experiment) {
        return database.read(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(
                    "SELECT model FROM job_stages WHERE experiment_id = ? AND unpriced_calls > 0 ORDER BY started_at DESC LIMIT 1")) {
                statement.setObject(1, experiment.value());
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.<String>empty();
                }
            }
        }));
    }

    private static Expenditure read(Connection connection, ExperimentId experiment) throws SQLException {
        Spending spent = byAgent(connection, experiment).values().stream().reduce(Spending.NONE, Spending::plus);
        try (var statement = connection.prepareStatement("""
                SELECT coalesce(max(dearest_usd), 0), coalesce(max(largest_tokens), 0) FROM agent_sums WHERE experiment_id = ?""")) {
            statement.setObject(1, experiment.value());
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Expenditure(spent, rows.getDouble(1), rows.getLong(2), open(connection, experiment));
            }
        }
    }

    private static List<Spending> open(Connection connection, ExperimentId experiment) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT sum(s.calls), sum(s.unpriced_calls), sum(s.input_tokens), sum(s.cached_input_tokens),
                    sum(s.output_tokens), sum(s.cost_usd)
                FROM evolution_jobs j JOIN job_stages s ON s.job_id = j.id
                WHERE j.experiment_id = ? AND j.completed_at IS NULL GROUP BY j.id""")) {
            statement.setObject(1, experiment.value());
            List<Spending> open = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    open.add(new Spending(
                            rows.getLong(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getDouble(6)));
                }
            }
            return open;
        }
    }

    /** By the agent's name, sorted; agents that used nothing are left out. */
    static SequencedMap<String, Spending> byAgent(Connection connection, ExperimentId experiment) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT agent, sum(calls), sum(unpriced_calls), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
                    sum(cost_usd)
                FROM agent_sums WHERE experiment_id = ? GROUP BY agent HAVING sum(calls) > 0 ORDER BY agent""")) {
            statement.setObject(1, experiment.value());
            SequencedMap<String, Spending> found = new LinkedHashMap<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(
                            rows.getString(1),
                            new Spending(
                                    rows.getLong(2),
                                    rows.getLong(3),
                                    rows.getLong(4),
                                    rows.getLong(5),
                                    rows.getLong(6),
                                    Math.max(0, rows.getDouble(7)))); // sums of differences may end a hair below
                }
            }
            return found;
        }
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
