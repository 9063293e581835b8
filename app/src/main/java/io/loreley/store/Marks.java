package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.ExperimentId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people said of commits: at most one mark each. */
final class Marks {

    /** A condition in SQL: a commit of the table of this alias is not banned. */
    static final String NOT_BANNED = """
            NOT EXISTS (SELECT FROM commit_marks mark WHERE mark.experiment_id = %1$s.experiment_id
                AND mark.commit_hash = %1$s.commit_hash AND mark.mark = 'BANNED')""";

    private Marks() {}

    static Map<CommitHash, CommitMark> of(Connection connection, ExperimentId experiment) throws SQLException {
        return Sql.rows(
                        connection,
                        row -> Map.entry(new CommitHash(row.getString(1)), CommitMark.valueOf(row.getString(2))),
                        "SELECT commit_hash, mark FROM commit_marks WHERE experiment_id = ?",
                        experiment.value())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static void set(Connection connection, ExperimentId experiment, CommitHash commit, CommitMark mark)
            throws SQLException {
        if (mark == CommitMark.BANNED) {
            requireAnother(connection, experiment, commit);
        }
        Sql.update(connection, """
                INSERT INTO commit_marks (experiment_id, commit_hash, mark) VALUES (?, ?, ?)
                ON CONFLICT (experiment_id, commit_hash) DO UPDATE SET mark = excluded.mark""", experiment.value(), commit.value(), mark.name());
        if (mark == CommitMark.BANNED) {
            BestHistory.noteBestElite(connection, experiment);
        }
    }

    /** @param mark the one that is meant; absent for whichever it has */
    static void remove(Connection connection, ExperimentId experiment, CommitHash commit, @Nullable CommitMark mark)
            throws SQLException {
        List<String> found = Sql.texts(
                connection,
                "SELECT mark FROM commit_marks WHERE experiment_id = ? AND commit_hash = ? FOR UPDATE",
                experiment.value(),
                commit.value());
        if (mark != null && !found.isEmpty() && !found.contains(mark.name())) {
            throw Controls.refused("commit %s is %s, and not %s. Nothing was changed."
                    .formatted(
                            commit.abbreviated(),
                            found.getFirst().toLowerCase(Locale.ROOT),
                            mark.name().toLowerCase(Locale.ROOT)));
        }
        Sql.update(
                connection,
                "DELETE FROM commit_marks WHERE experiment_id = ? AND commit_hash = ?",
                experiment.value(),
                commit.value());
    }

    /** Without it an island, or all of them, would have nothing to draw from. */
    private static void requireAnother(Connection connection, ExperimentId experiment, CommitHash commit)
            throws SQLException {
        List<String> bare = Sql.texts(
                connection,
                """
                SELECT island_id FROM map_elites_archive_cells cell WHERE experiment_id = ? GROUP BY island_id
                HAVING bool_or(commit_hash = ?) AND NOT bool_or(commit_hash <> ? AND %s)
                ORDER BY island_id""".formatted(NOT_BANNED.formatted("cell")),
                experiment.value(),
                commit.value(),
                commit.value());
        boolean begun = Sql.exists(
                connection, "SELECT FROM map_elites_archive_cells WHERE experiment_id = ? LIMIT 1", experiment.value());
        if (!bare.isEmpty() || !begun) {
            throw Controls.refused("commit %s cannot be banned: no other elite would be left to draw from%s"
                    .formatted(commit.abbreviated(), begun ? " on " + String.join(", ", bare) : ""));
        }
    }
}
