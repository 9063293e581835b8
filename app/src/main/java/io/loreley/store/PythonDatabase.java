package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over a database of the Python system: its tables are moved aside, ours are made by the migrations that make them
 * everywhere, every row is copied by the rules of {@code db/python/adopt.sql}, the rows are counted, and the old tables are
 * dropped. All of it is one transaction: whatever goes wrong, the database is as it was.
 */
final class PythonDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(PythonDatabase.class);

    private static final String ASIDE = "loreley_from_python";
    /** Any number that nobody else uses: two that open the database at once take turns. */
    private static final long TURN = 0x4c6f72656c6579L;

    private static final int SHOWN = 20;

    private final Connection connection;
    private final DatabaseUrl url;

    PythonDatabase(Connection connection, DatabaseUrl url) {
        this.connection = connection;
        this.url = url;
    }

    /**
     * Takes over.
     *
     * @param migrations makes our tables in the current schema, on the connection of the transaction
     * @throws LoreleyException of kind DATABASE, with nothing changed, if the tables are not what the Python system created,
     *     a row cannot be stored, or somebody still uses them
     */
    void adopt(Consumer<DataSource> migrations) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute("SET LOCAL lock_timeout = '10s'", "SELECT pg_advisory_xact_lock(%d)".formatted(TURN));
            if (Migrations.hasHistory(connection)) {
                connection.rollback();
                return;
            }
            requireSameSchema();
            requireNobodyRuns();
            requireHashes();
            moveAside();
            migrations.accept(new BorrowedConnection(connection));
            execute(PythonSchema.resource("adopt.sql"));
            Map<String, Long> rows = count();
            execute("DROP SCHEMA %s CASCADE".formatted(ASIDE));
            connection.commit();
            LOG.atInfo().addKeyValue("database", url).addKeyValue("rows", rows).log("python.adopted");
        } catch (SQLException e) {
            Sql.rollBack(connection, e);
            throw refused(e);
        } catch (RuntimeException e) {
            Sql.rollBack(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void requireSameSchema() throws SQLException {
        List<String> differences = PythonSchema.differences(connection);
        if (!differences.isEmpty()) {
            throw new LoreleyException(FailureKind.DATABASE, """
                    %s looks like a database of the Python Loreley, and differs from what that system creates:
                    %s
                    It is left untouched. Mend the differences, or name an empty database.""".formatted(url, lines(differences)));
        }
    }

    /** The Python scheduler holds the same advisory lock as ours. */
    private void requireNobodyRuns() throws SQLException {
        for (String id : texts("SELECT id::text FROM experiments")) {
            if (ExperimentLock.isHeld(connection, ExperimentId.parse(id))) {
                throw new LoreleyException(
                        FailureKind.DATABASE,
                        "experiment %s of %s is being run by the Python Loreley. It is left untouched: stop the scheduler and the workers first."
                                .formatted(id, url));
            }
        }
    }

    /** What the code reads as a commit must be one. */
    private void requireHashes() throws SQLException {
        List<String> wrong = texts("""
                SELECT format('%%s of row %%s of %%s is ''%%s''', field, id, source, value) FROM (
                    SELECT 'evolution_jobs' AS source, id, 'base_commit_hash' AS field, base_commit_hash AS value FROM evolution_jobs
                    UNION ALL SELECT 'evolution_jobs', id, 'result_commit_hash', result_commit_hash FROM evolution_jobs
                    UNION ALL SELECT 'evolution_jobs', id, 'inspiration_commit_hashes', unnest(inspiration_commit_hashes) FROM evolution_jobs
                    UNION ALL SELECT 'commit_cards', id, 'parent_commit_hash', parent_commit_hash FROM commit_cards) hashes
                WHERE value <> '' AND value !~ '^([0-9a-f]{40}|[0-9a-f]{64})$'
                UNION ALL SELECT format('commit_hash of row %%s of commit_cards is ''%%s''', id, commit_hash) FROM commit_cards
                WHERE commit_hash !~ '^([0-9a-f]{40}|[0-9a-f]{64})$'
                LIMIT %d""".formatted(SHOWN));
        if (!wrong.isEmpty()) {
            throw new LoreleyException(FailureKind.DATABASE, """
                    %s was made by the Python Loreley, and names commits by what is not a full hash:
                    %s
                    It is left untouched. Mend or delete these rows.""".formatted(url, lines(wrong)));
        }
    }

    private void moveAside() throws SQLException {
        execute("CREATE SCHEMA %s".formatted(ASIDE));
        for (String table : PythonSchema.tables()) {
            execute("ALTER TABLE %s SET SCHEMA %s".formatted(table, ASIDE));
        }
        execute("ALTER TYPE job_status SET SCHEMA %s".formatted(ASIDE));
    }

    /** As many rows must have arrived as there were, those that were set aside included. */
    private Map<String, Long> count() throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : PythonSchema.tables()) {
            long before = number("SELECT count(*) FROM %s.%s".formatted(ASIDE, table));
            long after = number(
                    "SELECT (SELECT count(*) FROM %1$s) + (SELECT count(*) FROM set_aside WHERE table_name = '%1$s')"
                            .formatted(table));
            if (before != after) {
                throw new LoreleyException(
                        FailureKind.INTERNAL,
                        "%d rows of %s became %d; nothing was changed. Indicates a bug."
                                .formatted(before, table, after));
            }
            counts.put(table, after);
        }
        return counts;
    }

    private LoreleyException refused(SQLException failure) {
        String advice = switch (failure.getSQLState() == null ? "" : failure.getSQLState()) {
            case "42501" ->
                "The user of the database may not create a schema: GRANT CREATE ON DATABASE, or let its owner run `loreley db migrate` once.";
            case "55P03" -> "Another session uses its tables: stop the Python system's processes and try again.";
            default -> "";
        };
        return new LoreleyException(
                FailureKind.DATABASE,
                "%s was made by the Python Loreley and cannot be taken over; it is left untouched: %s\n%s"
                        .formatted(url, failure.getMessage(), advice)
                        .strip(),
                failure);
    }

    private static String lines(List<String> lines) {
        List<String> shown =
                new ArrayList<>(lines.stream().limit(SHOWN).map("  "::concat).toList());
        if (lines.size() > SHOWN) {
            shown.add("  and %d more".formatted(lines.size() - SHOWN));
        }
        return String.join("\n", shown);
    }

    private void execute(String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private long number(String query) throws SQLException {
        return Long.parseLong(texts(query).getFirst());
    }

    private List<String> texts(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
