package io.loreley.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** What the tables look like that the Python system created, and how those of a database differ from that. */
final class PythonSchema {

    private static final String TIMESTAMP = "timestamp with time zone";
    private static final List<String> JOB_STATES =
            List.of("PENDING", "QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED");

    /** Type of each column, by table and column; nullable ones end in {@code null}. */
    private static final SequencedMap<String, String> COLUMNS = columns();

    private PythonSchema() {}

    /** In an order in which each comes after those that it refers to. */
    static List<String> tables() {
        return COLUMNS.sequencedKeySet().stream()
                .map(PythonSchema::table)
                .distinct()
                .toList();
    }

    /** Whether tables of these names are likely to be the Python system's. */
    static boolean resembles(Set<String> tables) {
        return tables.contains("evolution_jobs") || tables.contains("map_elites_states");
    }

    /** How the current schema differs, one difference a line; nothing if it does not. */
    static List<String> differences(Connection connection) throws SQLException {
        Map<String, String> found = read(connection, """
                SELECT c.relname || '.' || a.attname,
                    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN '' ELSE ' null' END
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                ORDER BY c.relname, a.attnum""");
        Set<String> tables = found.keySet().stream().map(PythonSchema::table).collect(Collectors.toSet());
        List<String> differences = new ArrayList<>();
        tables().stream()
                .filter(table -> !tables.contains(table))
                .forEach(table -> differences.add("table %s is missing".formatted(table)));
        COLUMNS.forEach((column, type) -> {
            String is = found.get(column);
            if (is == null && tables.contains(table(column))) {
                differences.add("column %s is missing".formatted(column));
            } else if (is != null && !is.equals(type)) {
                differences.add("column %s is %s instead of %s".formatted(column, words(is), words(type)));
            }
        });
        tables.stream()
                .filter(table -> !tables().contains(table))
                .sorted()
                .forEach(table -> differences.add("table %s is not of that system".formatted(table)));
        found.keySet().stream()
                .filter(column -> tables().contains(table(column)) && !COLUMNS.containsKey(column))
                .forEach(column -> differences.add("column %s is not of that system".formatted(column)));
        addStateDifference(connection, differences);
        return differences;
    }

    private static void addStateDifference(Connection connection, List<String> differences) throws SQLException {
        List<String> states = List.copyOf(read(connection, """
                        SELECT e.enumlabel, '' FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
                        WHERE t.typname = 'job_status' AND t.typnamespace = current_schema()::regnamespace
                        ORDER BY e.enumsortorder""").keySet());
        if (!states.equals(JOB_STATES)) {
            differences.add("the type job_status has the values %s instead of %s".formatted(states, JOB_STATES));
        }
    }

    private static SequencedMap<String, String> read(Connection connection, String query) throws SQLException {
        SequencedMap<String, String> pairs = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getString(2));
            }
        }
        return pairs;
    }

    private static String words(String type) {
        return type.endsWith(" null") ? type.replaceFirst(" null$", ", nullable,") : type + ", not null,";
    }

    private static String table(String column) {
        return column.substring(0, column.indexOf('.'));
    }

    private static SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = new LinkedHashMap<>();
        resource("columns.txt").lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] words = line.split(" ", 3);
            columns.put(words[0] + "." + words[1], words[2]);
        });
        List<String> tables = columns.sequencedKeySet().stream()
                .map(PythonSchema::table)
                .distinct()
                .toList();
        tables.forEach(table -> {
            columns.put(table + ".created_at", TIMESTAMP);
            columns.put(table + ".updated_at", TIMESTAMP);
        });
        return columns;
    }

    static String resource(String name) {
        try (InputStream in = PythonSchema.class.getResourceAsStream("/db/python/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
