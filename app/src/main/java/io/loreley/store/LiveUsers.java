package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Who works on a database at this moment, apart from who asks. Looks without migrating, so that a database of any version
 * can be asked about.
 *
 * @param runs names of the experiments whose scheduler is at work
 * @param sessions connections of processes of Loreley to this database; the server's other databases do not count
 */
public record LiveUsers(List<String> runs, int sessions) {

    public LiveUsers {
        runs = List.copyOf(runs);
    }

    public boolean areNone() {
        return runs.isEmpty() && sessions == 0;
    }

    public static LiveUsers of(DatabaseUrl url) {
        try (Connection connection = Migrations.connect(url)) {
            return new LiveUsers(runs(connection), sessions(connection));
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    private static List<String> runs(Connection connection) throws SQLException {
        List<String> runs = new ArrayList<>();
        if (Sql.exists(connection, "SELECT WHERE to_regclass('experiments') IS NOT NULL")) {
            for (Named experiment : Sql.rows(
                    connection,
                    row -> new Named(new ExperimentId(row.getObject(1, UUID.class)), row.getString(2)),
                    "SELECT id, coalesce(name, id::text) FROM experiments ORDER BY name")) {
                if (ExperimentLock.isHeld(connection, experiment.id())) {
                    runs.add(experiment.name());
                }
            }
        }
        return runs;
    }

    private record Named(ExperimentId id, String name) {}

    private static int sessions(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT count(*) FROM pg_stat_activity WHERE application_name = '%s' AND pid <> pg_backend_pid()
                            AND backend_type = 'client backend' AND datname = current_database()""".formatted(Migrations.APPLICATION))) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
