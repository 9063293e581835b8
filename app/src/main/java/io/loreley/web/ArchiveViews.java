package io.loreley.web;

import io.loreley.domain.Direction;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Limits;
import io.loreley.store.ArchiveListing;
import io.loreley.store.Catalogue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The archives: which islands there are, how they are laid out, and what sits in their cells. */
final class ArchiveViews {

    private final Experiments experiments;
    private final KeptReplies kept;
    private final ArchiveListing archive;

    ArchiveViews(WebSources sources, Experiments experiments, KeptReplies kept) {
        this.experiments = experiments;
        this.kept = kept;
        this.archive = new ArchiveListing(sources.database());
    }

    Reply islands(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        return kept.reply(
                call,
                entry.id(),
                () -> Map.of(
                        "axes", entry.axes(),
                        "cells_per_dimension", entry.cellsPerDimension(),
                        "cells", entry.cells(),
                        "islands",
                                archive.islands(entry.id()).stream()
                                        .map(each -> island(entry, each))
                                        .toList()));
    }

    private Map<String, @Nullable Object> island(Catalogue.Entry entry, ArchiveListing.IslandLine line) {
        Direction direction = Experiments.objective(entry).direction();
        Map<String, @Nullable Object> island = new LinkedHashMap<>(ExperimentViews.island(line, direction));
        island.put(
                "layout",
                archive.layout(new IslandKey(entry.id(), line.island())).orElse(null));
        return island;
    }

    Reply cells(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        String island = call.path("island");
        if (island.length() > Limits.ISLAND) {
            throw Problem.notFound("there is no such island");
        }
        String metric = call.query("metric").orElse(null);
        Direction direction = Experiments.objective(entry).direction();
        return kept.reply(call, entry.id(), () -> {
            ArchiveListing.Cells cells = archive.cells(new IslandKey(entry.id(), island), metric);
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("island", island);
            body.put("axes", entry.axes());
            body.put("cells_per_dimension", entry.cellsPerDimension());
            body.put("cell", cells.cells());
            body.put("commit", cells.commits());
            body.put(
                    "objective",
                    cells.objectives().stream().map(direction::oriented).toList());
            body.put("measures", cells.measures());
            body.put("metric", metric);
            body.put("value", metric == null ? null : cells.values());
            body.put("placed_at", cells.placedAt());
            return body;
        });
    }
}
