package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The showcase as rows of the database: the experiment, its commits, its archive and its people. */
final class ShowcaseRows {

    private static final UUID REPOSITORY = UUID.fromString("5f3c9d21-7b84-4e6a-a1d4-000000000000");
    static final String GOAL =
            "Make the JSON reader faster without breaking a test. Time is what counts; memory should not grow.";

    private final Showcase showcase;
    private final List<CommitHash> hashes;
    private final Instant now;

    ShowcaseRows(Showcase showcase, List<CommitHash> hashes, Instant now) {
        this.showcase = showcase;
        this.hashes = hashes;
        this.now = now;
    }

    void write(Database database) {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            experiment(connection);
            ShowcaseJobs jobs = new ShowcaseJobs(showcase, hashes, now);
            jobs.jobs(connection);
            commits(connection);
            archive(connection);
            jobs.stages(connection);
            people(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("the showcase could not be written", e);
        }
    }

    private void experiment(Connection connection) throws SQLException {
        Instant begun = showcase.candidates.getFirst().at();
        insert(
                connection,
                "INSERT INTO repositories (id, slug, remote_url) VALUES (?, ?, ?)",
                row(REPOSITORY, Showcase.SLUG, "https://example.org/json-reader"));
        insert(
                connection,
                """
                INSERT INTO experiments (id, repository_id, config_hash, name, project, config_snapshot, status, created_at, updated_at)
                VALUES (?, ?, ?, 'json-reader', 'json-reader', ?::jsonb, 'active', ?, ?)""",
                row(
                        Showcase.EXPERIMENT.value(),
                        REPOSITORY,
                        "5f3c9d217b84".repeat(5),
                        """
                        {"goal": "%s", "root": "%s",
                         "objective": {"metric": "milliseconds", "direction": "minimize", "also": [{"metric": "memory_mb", "direction": "minimize"}]},
                         "search": {"dimensions": 2, "cells-per-dimension": %d, "islands": %d, "seed": 7},
                         "agents": [{"name": "claude", "weight": 1}, {"name": "codex", "weight": 1}], "agents-strategy": "bandit"}""".formatted(GOAL, hashes.getFirst(), Showcase.SIDE, Showcase.ISLANDS.size()),
                        begun,
                        now));
    }

    private void commits(Connection connection) throws SQLException {
        List<Object[]> cards = new ArrayList<>();
        List<Object[]> metrics = new ArrayList<>();
        for (Showcase.Candidate each : showcase.candidates) {
            UUID card = new UUID(0xca4d_0000_0000_4000L, each.number());
            Showcase.Candidate parent = each.parent();
            UUID job = parent == null
                    ? ShowcaseJobs.ROOT
                    : showcase.draws.stream()
                            .filter(draw -> draw.made(each))
                            .findFirst()
                            .orElseThrow()
                            .id();
            String subject = each.program().subject();
            cards.add(row(
                    card,
                    hash(each.number()),
                    parent == null ? null : hash(parent.number()),
                    each.island(),
                    Showcase.EXPERIMENT.value(),
                    job,
                    "Loreley Worker",
                    subject,
                    parent == null
                            ? "What the agents were given."
                            : "Takes %.2f ms for the four documents; its parent took %.2f ms."
                                    .formatted(each.milliseconds(), parent.milliseconds()),
                    each.accepted()
                            ? "312 tests passed, %.2f ms".formatted(each.milliseconds())
                            : "311 of 312 tests passed",
                    each.accepted() ? "ACCEPTED" : "CONSTRAINT_VIOLATED",
                    each.accepted() ? null : "tests_passed is 311, and at least 312 is asked for",
                    each.at()));
            metrics.add(metric(card, "milliseconds", each.milliseconds(), "ms", false, 5, 0.9));
            metrics.add(metric(card, "memory_mb", each.megabytes(), "MB", false, 1, 0));
            metrics.add(metric(card, "tests_passed", each.accepted() ? 312 : 311, "tests", true, 1, 0));
        }
        insert(connection, """
                INSERT INTO commit_cards (id, commit_hash, parent_commit_hash, island_id, experiment_id, job_id, author, subject,
                    change_summary, evaluation_summary, verdict, verdict_reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", cards);
        insert(connection, """
                INSERT INTO metrics (id, commit_card_id, name, value, unit, higher_is_better, samples, deviation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""", metrics);
    }

    private static Object[] metric(
            UUID card, String name, double value, String unit, boolean higher, int samples, double deviation) {
        UUID id = new UUID(card.getLeastSignificantBits(), name.hashCode());
        return row(id, card, name, Math.round(value * 1000) / 1000.0, unit, higher, samples, deviation);
    }

    private void archive(Connection connection) throws SQLException {
        List<Object[]> cells = new ArrayList<>();
        List<Object[]> states = new ArrayList<>();
        showcase.archive.forEach((island, elites) -> {
            elites.values()
                    .forEach(each -> cells.add(row(
                            Showcase.EXPERIMENT.value(),
                            island,
                            cell(each),
                            hash(each.number()),
                            -each.milliseconds(),
                            new Double[] {each.x(), each.y()},
                            each.at().toEpochMilli() / 1e3)));
            states.add(row(Showcase.EXPERIMENT.value(), island, """
                    {"projection": {"version": 6, "method": "PCA", "sample_count": %d, "explained_variance": [0.46, 0.21]}}""".formatted(showcase.candidates.size() / 3)));
        });
        insert(connection, """
                INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective, measures, timestamp)
                VALUES (?, ?, ?, ?, ?, ?, ?)""", cells);
        insert(
                connection,
                "INSERT INTO map_elites_states (experiment_id, island_id, snapshot) VALUES (?, ?, ?::jsonb)",
                states);
        insert(
                connection,
                "INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash) VALUES (?, ?, ?)",
                showcase.candidates.stream()
                        .map(each -> row(Showcase.EXPERIMENT.value(), each.island(), hash(each.number())))
                        .toList());
        List<Object[]> improvements = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        for (Showcase.Candidate each : showcase.candidates) {
            if (each.accepted() && each.milliseconds() < best) {
                best = each.milliseconds();
                Long number = showcase.draws.stream()
                        .filter(draw -> draw.made(each))
                        .map(draw -> (long) draw.number())
                        .findFirst()
                        .orElse(null);
                improvements.add(row(Showcase.EXPERIMENT.value(), -best, hash(each.number()), number, each.at()));
            }
        }
        insert(
                connection,
                "INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at) VALUES (?, ?, ?, ?, ?)",
                improvements);
    }

    /** Those who work on it, and what they were told. */
    private void people(Connection connection) throws SQLException {
        Instant soon = now.plusSeconds(600); // nobody renews it, and they are alive as long as a test looks
        insert(
                connection,
                """
                INSERT INTO workers (name, experiment_id, host, pid, version, labels, slots, started_at, last_seen_at)
                VALUES (?, ?, ?, ?, '0.1.0', ?, ?, ?, ?)""",
                row("alpha:4711", Showcase.EXPERIMENT.value(), "alpha", 4711L, new String[0], 2, begun(0), soon),
                row("beta:902", Showcase.EXPERIMENT.value(), "beta", 902L, new String[] {"avx2"}, 2, begun(0), soon));
        insert(
                connection,
                "INSERT INTO audit_log (experiment_id, actor, action, target, details, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                row(Showcase.EXPERIMENT.value(), "ann", "pause", null, null, begun(2400)),
                row(Showcase.EXPERIMENT.value(), "ann", "resume", null, null, begun(2580)),
                row(
                        Showcase.EXPERIMENT.value(),
                        "ann",
                        "hint",
                        "island-2",
                        "Look at numbers: canada.json is half of the time.",
                        begun(3100)));
        insert(
                connection,
                "INSERT INTO hints (experiment_id, island_id, kind, text, created_at) VALUES (?, ?, 'HINT', ?, ?)",
                row(
                        Showcase.EXPERIMENT.value(),
                        "island-2",
                        "Look at numbers: canada.json is half of the time.",
                        begun(3100)));
    }

    private Instant begun(int seconds) {
        return showcase.candidates.getFirst().at().plusSeconds(seconds);
    }

    private String hash(int candidate) {
        return hashes.get(candidate).value();
    }

    private static long cell(Showcase.Candidate candidate) {
        return candidate.cell();
    }

    static Object[] row(@Nullable Object... values) {
        return values;
    }

    private static void insert(Connection connection, String sql, Object[]... rows) throws SQLException {
        insert(connection, sql, List.of(rows));
    }

    static void insert(Connection connection, String sql, List<Object[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Object[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    set(connection, statement, i + 1, row[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void set(Connection connection, PreparedStatement statement, int column, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case Instant instant -> statement.setTimestamp(column, Timestamp.from(instant));
            case String[] texts -> statement.setArray(column, connection.createArrayOf("varchar", texts));
            case Double[] numbers -> statement.setArray(column, connection.createArrayOf("float8", numbers));
            case null -> statement.setObject(column, null);
            default -> statement.setObject(column, value);
        }
    }
}
