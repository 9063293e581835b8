package io.loreley.web;

import io.loreley.store.Catalogue;
import io.loreley.store.Tables;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Jobs, metrics and the archive as CSV or JSON lines, streamed from the database: few at a time, since each holds a connection
 * for as long as its client takes, and a run may need the others.
 */
final class ExportViews {

    private static final int AT_A_TIME = 2;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Semaphore free = new Semaphore(AT_A_TIME);

    private final Experiments experiments;
    private final Tables tables;

    ExportViews(WebSources sources, Experiments experiments) {
        this.experiments = experiments;
        this.tables = new Tables(sources.database());
    }

    Reply table(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        String asked = call.path("table");
        int dot = asked.lastIndexOf('.');
        String name = dot < 0 ? asked : asked.substring(0, dot);
        String format = dot < 0 ? "" : asked.substring(dot + 1);
        if (!Tables.NAMES.contains(name) || !List.of("csv", "jsonl").contains(format)) {
            throw Problem.notFound("exports are %s, each as .csv or .jsonl".formatted(String.join(", ", Tables.NAMES)));
        }
        String file = "%s-%s".formatted(entry.name().replaceAll("[^A-Za-z0-9._-]", "_"), asked);
        if (!free.tryAcquire()) {
            throw Problem.busy(
                    "%d exports are being sent, which is as many as may be at a time; try again when one has ended"
                            .formatted(AT_A_TIME),
                    RETRY_AFTER);
        }
        return new Reply.Stream(
                format.equals("csv") ? "text/csv; charset=utf-8" : "application/jsonl",
                Map.of("Content-Disposition", "attachment; filename=\"%s\"".formatted(file)),
                out -> {
                    try {
                        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                        tables.write(
                                name,
                                Tables.Format.valueOf(format.toUpperCase(java.util.Locale.ROOT)),
                                entry.id(),
                                writer);
                        writer.flush();
                    } finally {
                        free.release();
                    }
                });
    }
}
