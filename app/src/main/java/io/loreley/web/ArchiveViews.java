package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Limits;
import io.loreley.domain.Objective;
import io.loreley.store.ArchiveGrowth;
import io.loreley.store.ArchiveListing;
import io.loreley.store.ArchiveMap;
import io.loreley.store.ArchiveMap.Plane;
import io.loreley.store.Catalogue;
import io.loreley.store.Cursor;
import io.loreley.store.TradeOffs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The archives: which islands there are, their maps, how they grew, what sits in their cells, and the trade-offs. */
final class ArchiveViews {

    private static final int PAGE = 1000;
    private static final int LONGEST_PAGE = 5000;
    /** Some sixty kilobytes. */
    private static final int MOST_ENTRANCES = 10_000;

    private static final int MOST_OCCUPANTS = 50;
    private static final int MOST_TRADED = 2000;
    private static final int MOST_AXES = 64;

    private final Experiments experiments;
    private final KeptReplies kept;
    private final ArchiveListing archive;
    private final ArchiveMap maps;
    private final ArchiveGrowth growth;
    private final TradeOffs tradeOffs;

    ArchiveViews(WebSources sources, Experiments experiments, KeptReplies kept) {
        this.experiments = experiments;
        this.kept = kept;
        this.archive = new ArchiveListing(sources.database());
        this.maps = new ArchiveMap(sources.database());
        this.growth = new ArchiveGrowth(sources.database());
        this.tradeOffs = new TradeOffs(sources.database());
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
        island.put("layout", archive.layout(entry, line.island()).orElse(null));
        return island;
    }

    /** What the squares of a map are to be coloured by. */
    Reply map(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        IslandKey island = island(call, entry);
        Plane plane = plane(call, entry);
        Objective objective = Experiments.objective(entry);
        String metric = call.query("metric").orElse(null);
        boolean placed = call.word("shade", "value", List.of("value", "placed")).equals("placed");
        return kept.reply(call, entry.id(), () -> {
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("columns", plane.columns());
            body.put("rows", plane.rows());
            if (placed) {
                fill(body, maps.squares(island, plane, ArchiveMap.Shade.PLACED), Direction.MAXIMIZE, true);
            } else if (metric == null || metric.equals(objective.metric())) {
                fill(body, maps.squares(island, plane, ArchiveMap.Shade.OBJECTIVE), objective.direction(), true);
            } else {
                boolean higher = experiments.direction(entry, metric).higherIsBetter();
                fill(body, maps.squares(island, plane, metric, higher), Direction.MAXIMIZE, higher);
            }
            return body;
        });
    }

    /** @param higher whether a higher shade is better */
    private static void fill(
            Map<String, @Nullable Object> body, ArchiveMap.Squares squares, Direction direction, boolean higher) {
        List<@Nullable Double> values = new ArrayList<>(squares.shades().size());
        for (Double shade : squares.shades()) {
            values.add(shade == null ? null : direction.oriented(shade));
        }
        body.put("square_steps", steps(squares.squares()));
        body.put("elites", Set.copyOf(squares.elites()).equals(Set.of(1)) ? null : squares.elites());
        body.put("value", Rounding.within(values).all(values));
        body.put("best", squares.best(higher));
    }

    /** The elites that share a square of the map. */
    Reply square(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        IslandKey island = island(call, entry);
        Plane plane = plane(call, entry);
        long square = Call.whole("square", call.path("square"));
        Direction direction = Experiments.objective(entry).direction();
        return kept.reply(
                call,
                entry.id(),
                () -> Map.of(
                        "items",
                        maps.occupants(island, plane, square, MOST_OCCUPANTS).stream()
                                .map(each -> Map.of(
                                        "commit", each.commit(),
                                        "subject", each.subject(),
                                        "cell", each.cell(),
                                        "objective", direction.oriented(each.objective()),
                                        "measures", each.measures(),
                                        "placed_at", each.placedAt()))
                                .toList()));
    }

    /** Who entered which square when, oldest first. */
    Reply growth(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        IslandKey island = island(call, entry);
        Plane plane = plane(call, entry);
        int limit = call.number("limit", MOST_ENTRANCES, 1, MOST_ENTRANCES);
        Cursor<String> after =
                call.cursor(commit -> new CommitHash(commit).value()).orElse(ArchiveGrowth.BEGINNING);
        return kept.reply(call, entry.id(), () -> {
            ArchiveGrowth.Part part =
                    growth.part(island, plane, Experiments.objective(entry).metric(), after, limit);
            List<ArchiveGrowth.Entrance> entrances = part.entrances();
            List<@Nullable Double> values = new ArrayList<>(entrances.size());
            entrances.forEach(each -> values.add(each.value()));
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("columns", plane.columns());
            body.put("rows", plane.rows());
            body.put("complete", part.complete());
            body.put(
                    "square",
                    entrances.stream().map(ArchiveGrowth.Entrance::square).toList());
            body.put("value", Rounding.within(values).all(values));
            body.put(
                    "draw_steps",
                    steps(entrances.stream()
                            .map(each -> each.draw() == null ? -1 : each.draw())
                            .toList()));
            body.put(
                    "at_steps",
                    steps(entrances.stream()
                            .map(each -> each.at().getEpochSecond())
                            .toList()));
            body.put("total", part.total());
            body.put("next", part.next());
            return body;
        });
    }

    /** The differences from one to the next, the first from 0: what rises slowly is sent in a tenth of the bytes. */
    private static List<Long> steps(List<Long> values) {
        List<Long> steps = new ArrayList<>(values.size());
        long last = 0;
        for (long value : values) {
            steps.add(value - last);
            last = value;
        }
        return steps;
    }

    /** Column by column: a page in the order of the cells, or the best. */
    Reply cells(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        IslandKey island = island(call, entry);
        String metric = call.query("metric").orElse(null);
        int limit = call.number("limit", PAGE, 1, LONGEST_PAGE);
        boolean best = call.word("order", "cell", List.of("cell", "best")).equals("best");
        long after =
                call.query("cursor").map(text -> Call.whole("cursor", text)).orElse(-1L);
        Direction direction = Experiments.objective(entry).direction();
        return kept.reply(call, entry.id(), () -> {
            ArchiveListing.Cells cells =
                    best ? archive.best(island, metric, limit) : archive.page(island, metric, after, limit);
            boolean more = !best && cells.cells().size() == limit;
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("island", island.island());
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
            body.put("total", archive.occupied(island));
            body.put("next", more ? String.valueOf(cells.cells().getLast()) : null);
            return body;
        });
    }

    /** The Pareto front between the objective and what the settings name beside it, or one other metric. */
    Reply pareto(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        Objective objective = Experiments.objective(entry);
        String against = call.query("against").orElse(null);
        return kept.reply(call, entry.id(), () -> {
            Objective traded = against == null || objective.directionOf(against).isPresent()
                    ? objective
                    : new Objective(
                            objective.metric(),
                            objective.direction(),
                            List.of(new Objective.Aim(against, experiments.direction(entry, against))),
                            List.of());
            TradeOffs.Found found = tradeOffs.of(entry.id(), traded, MOST_TRADED);
            return Map.of(
                    "objective", traded, "total", found.total(), "front", found.front(), "others", found.sample());
        });
    }

    private static IslandKey island(Call call, Catalogue.Entry entry) {
        String island = call.path("island");
        if (island.length() > Limits.ISLAND) {
            throw Problem.notFound("there is no such island");
        }
        return new IslandKey(entry.id(), island);
    }

    private static Plane plane(Call call, Catalogue.Entry entry) {
        try {
            return Plane.of(
                    entry,
                    call.number("x", 0, 0, MOST_AXES),
                    call.number("y", entry.dimensions() > 1 ? 1 : 0, 0, MOST_AXES));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("x, y: the archive has %d axes, counted from 0".formatted(entry.dimensions()));
        }
    }
}
