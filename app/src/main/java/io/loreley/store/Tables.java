package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whole tables of an experiment, for other programs: streamed row by row, with the columns' own names. */
public final class Tables {

    public static final List<String> NAMES = List.of("jobs", "metrics", "archive", "stages");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Map<String, String> SQL = Map.of(
            "jobs", """
                    SELECT id, status::text AS status, kind, draw, seed, island_id, base_commit_hash, inspiration_commit_hashes,
                        sampling_strategy, sampling_radius_used, priority, attempt, worker, failure_kind, last_error,
                        result_commit_hash, ingestion_status, ingestion_message, ingestion_delta, ingestion_cell_index,
                        created_at, started_at, completed_at
                    FROM evolution_jobs WHERE experiment_id = ? ORDER BY created_at, id""",
            "metrics", """
                    SELECT c.commit_hash, c.parent_commit_hash, c.island_id, c.job_id, c.created_at, m.name, m.value, m.unit, m.higher_is_better
                    FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id WHERE c.experiment_id = ?
                    ORDER BY c.created_at, c.id, m.name""",
            // Stored so that higher is better; told as the evaluator reported it.
            "archive", """
                    SELECT island_id, cell_index, commit_hash, CASE WHEN minimized THEN 0 - objective ELSE objective END AS objective,
                        CASE WHEN minimized THEN 0 - threshold ELSE threshold END AS threshold, measures, projection_version, timestamp
                    FROM map_elites_archive_cells JOIN (
                        SELECT id, coalesce(config_snapshot->'objective'->>'direction', '') ILIKE 'minimize' AS minimized
                        FROM experiments) e ON e.id = experiment_id
                    WHERE experiment_id = ? ORDER BY island_id, cell_index""",
            "stages", """
                    SELECT job_id, attempt, stage, worker, agent, model, calls, unpriced_calls, input_tokens, cached_input_tokens,
                        output_tokens, cost_usd, outcome, failure_kind, message, commit_hash, started_at, ended_at
                    FROM job_stages WHERE experiment_id = ? ORDER BY started_at, job_id, attempt, stage""");

    private final Database database;

    public Tables(Database database) {
        this.database = database;
    }

    /** How rows are written. */
    public enum Format {
        /** RFC 4180, with a header. */
        CSV,
        /** One JSON object a line. */
        JSONL
    }

    /**
     * Writes a table.
     *
     * @param name one of {@link #NAMES}
     */
    public void write(String name, Format format, ExperimentId experiment, Writer out) {
        boolean[] begun = {false};
        new Question(database, "the " + name)
                .add(SQL.getOrDefault(name, ""), experiment.value())
                .each(rows -> {
                    try {
                        if (format == Format.CSV && !begun[0]) {
                            header(rows, out);
                        }
                        begun[0] = true;
                        if (format == Format.CSV) {
                            csv(rows, out);
                        } else {
                            json(rows, out);
                        }
                    } catch (IOException e) {
                        throw new LoreleyException(
                                FailureKind.STORAGE, "cannot write the %s: %s".formatted(name, e.getMessage()), e);
                    }
                });
    }

    private static void header(ResultSet rows, Writer out) throws SQLException, IOException {
        var columns = rows.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            out.write((i == 1 ? "" : ",") + columns.getColumnName(i));
        }
        out.write("\r\n");
    }

    private static void csv(ResultSet rows, Writer out) throws SQLException, IOException {
        int count = rows.getMetaData().getColumnCount();
        for (int i = 1; i <= count; i++) {
            String text = rows.getString(i);
            out.write(i == 1 ? "" : ",");
            if (text != null) {
                out.write(quoted(text));
            }
        }
        out.write("\r\n");
    }

    /** A spreadsheet runs what begins like a formula, so a candidate's text is kept from beginning so. */
    private static String quoted(String text) {
        boolean formula =
                !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 && !text.matches("[-+]?[0-9.eE+-]+");
        String safe = formula ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    private static void json(ResultSet rows, Writer out) throws SQLException, IOException {
        var columns = rows.getMetaData();
        ObjectNode line = JSON.createObjectNode();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnName(i);
            if (rows.getObject(i) == null) {
                line.putNull(name);
                continue;
            }
            switch (columns.getColumnType(i)) {
                case Types.BIGINT, Types.INTEGER, Types.SMALLINT -> line.put(name, rows.getLong(i));
                case Types.DOUBLE, Types.REAL -> line.put(name, rows.getDouble(i));
                case Types.BOOLEAN, Types.BIT -> line.put(name, rows.getBoolean(i));
                case Types.ARRAY ->
                    line.set(name, JSON.valueToTree(rows.getArray(i).getArray()));
                case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                    line.put(name, rows.getTimestamp(i).toInstant().toString());
                default -> line.put(name, rows.getString(i));
            }
        }
        out.write(line.toString());
        out.write('\n');
    }
}
