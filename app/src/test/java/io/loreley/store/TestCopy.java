package io.loreley.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A database that serves one test after another, as long as each leaves nothing that a DELETE does not undo. */
final class TestCopy implements AutoCloseable {

    /** Tables, columns, rules, indexes, triggers, functions, and what is set for the database. */
    private static final String SCHEMA = """
            SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
                SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, atttypmod, attnotnull) FROM pg_attribute
                    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped
                UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
                    WHERE oid >= 16384
                UNION ALL SELECT concat_ws(' ', indexrelid::regclass, indisvalid) FROM pg_index WHERE indexrelid >= 16384
                UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
                UNION ALL SELECT concat_ws(' ', proname, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
                UNION ALL SELECT concat_ws(' ', nspname, nspacl) FROM pg_namespace
                UNION ALL SELECT concat_ws(' ', relname, relacl) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'v', 'S')
                UNION ALL SELECT concat_ws(' ', version, checksum, success) FROM flyway_schema_history
                UNION ALL SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting
                    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            ) AS lines (line)""";

    private static final String AT_WORK = """
            SELECT (SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND backend_type = 'client backend')
                || ' ' || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))""";

    /** As if nobody had ever written, but for the history of migrations. Rules and triggers would slow it down. */
    private static final String EMPTY = """
            SET LOCAL session_replication_role = replica;
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND oid >= 16384
                        AND relname <> 'flyway_schema_history' LOOP
                    EXECUTE 'DELETE FROM ' || name;
                END LOOP;
                PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
            END $$""";

    private final DatabaseUrl url;
    private @Nullable Database database;

    TestCopy(DatabaseUrl url) {
        this.url = url;
    }

    DatabaseUrl url() {
        return url;
    }

    synchronized Database database() {
        if (database == null) {
            database = Database.open(url);
        }
        return database;
    }

    static String schema(Database database) {
        try (Connection connection = database.dataSource().getConnection()) {
            return answer(connection, SCHEMA);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is as good as a new one again. */
    boolean isEmptied(String schema) {
        HikariDataSource pool = (HikariDataSource) database().dataSource();
        if (pool.isClosed() || pool.getHikariPoolMXBean().getActiveConnections() > 0) {
            return false;
        }
        try (Connection connection = pool.getConnection()) {
            if (!isLeft(connection, pool) || !answer(connection, SCHEMA).equals(schema)) {
                return false;
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(EMPTY);
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            LoggerFactory.getLogger(TestCopy.class).atInfo().setCause(e).log("test-database.not-used-again");
            return false;
        }
    }

    /** Nobody but this pool is connected, and nobody holds a lock; whoever left a moment ago may take another to be gone. */
    private static boolean isLeft(Connection connection, HikariDataSource pool) throws SQLException {
        for (int i = 0; i < 10; i++) {
            String ours = pool.getHikariPoolMXBean().getTotalConnections() + " 0";
            if (answer(connection, AT_WORK).equals(ours)) {
                return true;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return false;
    }

    private static String answer(Connection connection, String question) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public synchronized void close() {
        if (database != null) {
            database.close();
        }
    }
}
