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
        try (var statement = connection.createStatement()) {
            try (var known = statement.executeQuery("SELECT to_regclass('experiments') IS NOT NULL")) {
                known.next();
                if (!known.getBoolean(1)) {
                    return runs;
                }
            }
            List<Long> held = new ArrayList<>();
            try (var locks = statement.executeQuery("""
                    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")) {
                while (locks.next()) {
                    held.add(locks.getLong(1));
                }
            }
            try (var rows =
                    statement.executeQuery("SELECT id, coalesce(name, id::text) FROM experiments ORDER BY name")) {
                while (rows.next()) {
                    if (held.contains(ExperimentLock.key(new ExperimentId(rows.getObject(1, UUID.class))))) {
                        runs.add(rows.getString(2));
                    }
                }
            }
        }
        return runs;
    }

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
