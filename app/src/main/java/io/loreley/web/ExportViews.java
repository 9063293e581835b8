package io.loreley.web;

import io.loreley.store.Catalogue;
import io.loreley.store.Tables;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Jobs, metrics and the archive as CSV or JSON lines, streamed from the database. */
final class ExportViews {

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
        return new Reply.Stream(
                format.equals("csv") ? "text/csv; charset=utf-8" : "application/jsonl",
                Map.of("Content-Disposition", "attachment; filename=\"%s\"".formatted(file)),
                out -> {
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    tables.write(
                            name, Tables.Format.valueOf(format.toUpperCase(java.util.Locale.ROOT)), entry.id(), writer);
                    writer.flush();
                });
    }
}
