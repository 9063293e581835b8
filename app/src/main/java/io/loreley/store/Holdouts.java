package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the hold-out said of an experiment's best commits. */
public final class Holdouts {

    private final DataSource dataSource;

    public Holdouts(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A commit that is, or was, a best.
     *
     * @param passed null if the hold-out has not been run on it
     */
    public record Standing(CommitHash commit, @Nullable Boolean passed) {}

    /** Elites, best first: those that might be exported. */
    public List<Standing> best(ExperimentId experiment, Objective objective, int limit) {
        String order = objective.direction().higherIsBetter() ? "DESC" : "ASC";
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement("""
                        SELECT c.commit_hash, c.holdout FROM commit_cards c
                        JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                        WHERE c.experiment_id = ? AND c.verdict = 'ACCEPTED'
                          AND EXISTS (SELECT FROM map_elites_archive_cells a
                                      WHERE a.experiment_id = c.experiment_id AND a.commit_hash = c.commit_hash)
                        ORDER BY m.value %s, c.created_at LIMIT ?""".formatted(order))) {
            statement.setString(1, objective.metric());
            statement.setObject(2, experiment.value());
            statement.setInt(3, limit);
            List<Standing> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    String said = rows.getString(2);
                    found.add(new Standing(
                            new CommitHash(rows.getString(1)), said == null ? null : said.equals("PASSED")));
                }
            }
            return found;
        } catch (SQLException e) {
            throw failed(experiment, e);
        }
    }

    /**
     * Notes what it said.
     *
     * @param reason why the commit failed; null if it passed
     */
    public void record(ExperimentId experiment, CommitHash commit, @Nullable String reason) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(
                        "UPDATE commit_cards SET holdout = ?, holdout_reason = ? WHERE experiment_id = ? AND commit_hash = ?")) {
            statement.setString(1, reason == null ? "PASSED" : "FAILED");
            statement.setString(
                    2,
                    reason == null ? null : Limits.clamp(Limits.oneLine(Jobs.storable(reason)), Limits.VERDICT_REASON));
            statement.setObject(3, experiment.value());
            statement.setString(4, commit.value());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(experiment, e);
        }
    }

    private static LoreleyException failed(ExperimentId experiment, SQLException e) {
        return new LoreleyException(
                FailureKind.DATABASE, "cannot read or write what the hold-out said of experiment " + experiment, e);
    }
}
