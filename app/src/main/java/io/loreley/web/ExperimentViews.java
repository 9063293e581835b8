package io.loreley.web;

import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.Objective;
import io.loreley.domain.Spending;
import io.loreley.store.Activity;
import io.loreley.store.ArchiveListing;
import io.loreley.store.ArmRecord;
import io.loreley.store.CardListing;
import io.loreley.store.Catalogue;
import io.loreley.store.Expenses;
import io.loreley.store.JobListing;
import io.loreley.store.StageListing;
import io.loreley.store.StatusQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Repositories and experiments: what they are, where they stand, how they got there. */
final class ExperimentViews {

    private static final int MOST_POINTS = 4000;

    /** What the clocks of a status may be behind. */
    private static final Duration CLOCK = Duration.ofSeconds(2);

    /** What sums may be behind what stages at work have spent so far, which is no change of their jobs. */
    private static final Duration SPENDING = Duration.ofSeconds(10);

    private final WebSources sources;
    private final Experiments experiments;
    private final KeptReplies kept;
    private final StatusQuery status;
    private final Activity activity;
    private final JobListing jobs;
    private final StageListing stages;
    private final ArchiveListing archive;

    ExperimentViews(WebSources sources, Experiments experiments, KeptReplies kept) {
        this.sources = sources;
        this.experiments = experiments;
        this.kept = kept;
        this.status = new StatusQuery(sources.database(), sources.clock());
        this.activity = new Activity(sources.database());
        this.jobs = new JobListing(sources.database());
        this.stages = new StageListing(sources.database());
        this.archive = new ArchiveListing(sources.database());
    }

    Reply repositories(Call call) {
        return new Reply.Value(Map.of("items", experiments.catalogue().repositories()));
    }

    Reply experiments(Call call) {
        return new Reply.Value(Map.of(
                "items",
                experiments.catalogue().experiments().stream().map(this::line).toList()));
    }

    private Map<String, Object> line(Catalogue.Entry entry) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", entry.id());
        line.put("name", entry.name());
        line.put("repository_id", entry.repositoryId());
        line.put("repository", entry.repository());
        line.put("config_hash", entry.configHash());
        line.put("status", entry.status());
        line.put("goal", entry.goal());
        line.put("jobs", entry.jobs());
        line.put("objective", entry.objective().orElse(null));
        line.put("live", sources.live().apply(entry.id()).isPresent());
        line.put("created_at", entry.createdAt());
        line.put("updated_at", entry.updatedAt());
        return line;
    }

    Reply experiment(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        return kept.reply(call, experiment, () -> {
            Catalogue.Entry entry = experiments.now(experiment);
            Map<String, Object> body = line(entry);
            body.put("root", entry.root().orElse(null));
            body.put("axes", entry.axes());
            body.put("cells_per_dimension", entry.cellsPerDimension());
            body.put("cells", entry.cells());
            var metrics = experiments.cards().metrics(entry.id());
            metrics.replaceAll((name, direction) ->
                    Experiments.objective(entry).directionOf(name).orElse(direction));
            body.put("metrics", metrics.keySet());
            body.put("directions", metrics);
            body.put("settings", entry.settings());
            return body;
        });
    }

    Reply status(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        return kept.reply(call, entry.id(), CLOCK, () -> statusOf(entry));
    }

    private Map<String, @Nullable Object> statusOf(Catalogue.Entry entry) {
        Objective objective = Experiments.objective(entry);
        Optional<ExperimentStatus> live = sources.live().apply(entry.id());
        ExperimentStatus now = live.orElseGet(
                () -> status.status(StatusQuery.Frame.unlimited(entry.id(), entry.name(), objective, entry.cells())));
        List<ArchiveListing.IslandLine> islands = archive.islands(entry.id());
        long cells = entry.cells() * islands.size();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        Activity.State state = activity.of(entry.id());
        boolean clockRuns = live.isPresent() || now.jobs().running() > 0;
        body.put("live", live.isPresent());
        body.put("state", state == Activity.State.IDLE && live.isPresent() ? Activity.State.RUNNING : state);
        body.put("at", clockRuns ? sources.clock().instant() : null);
        body.put("jobs", now.jobs());
        body.put("failures", now.failures());
        body.put("root", now.root());
        body.put("best", now.best());
        body.put("holdout", now.holdout());
        body.put("objective", objective);
        body.put(
                "history",
                now.history().stream()
                        .map(each -> Map.of("job", each.job(), "at", each.at(), "value", each.value()))
                        .toList());
        body.put(
                "archive",
                Map.of(
                        "elites",
                        now.elites(),
                        "cells",
                        cells,
                        "coverage",
                        cells == 0 ? 0 : (double) now.elites() / cells,
                        "qd_score",
                        now.qdScore()));
        body.put("elapsed_seconds", now.elapsed().toMillis() / 1e3);
        body.put("budget", budget(now.budget(), live.isPresent()));
        body.put("spent", now.spent());
        body.put("spending", now.spending());
        body.put("noise", now.noise());
        body.put("running", jobs.running(entry.id(), objective.metric()));
        body.put(
                "islands",
                islands.stream()
                        .map(each -> island(each, objective.direction()))
                        .toList());
        return body;
    }

    /** The limits are the run's; without one nobody knows them. */
    private static Map<String, @Nullable Object> budget(ExperimentStatus.BudgetUse use, boolean live) {
        Map<String, @Nullable Object> budget = new LinkedHashMap<>();
        budget.put("drawn", use.drawn());
        budget.put("job_limit", use.jobLimit());
        budget.put("seconds_used", live ? use.timeUsed().toMillis() / 1e3 : null);
        Duration limit = use.timeLimit();
        budget.put("seconds_limit", limit == null ? null : limit.toMillis() / 1e3);
        budget.put("cost_limit", use.costLimit());
        budget.put("token_limit", use.tokenLimit());
        return budget;
    }

    static Map<String, @Nullable Object> island(ArchiveListing.IslandLine line, Direction direction) {
        Map<String, @Nullable Object> island = new LinkedHashMap<>();
        island.put("island", line.island());
        island.put("occupied", line.occupied());
        island.put("qd_score", line.qdScore());
        Double best = line.best();
        island.put("best", best == null ? null : direction.oriented(best));
        island.put("changed_at", line.changed());
        return island;
    }

    Reply progress(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        String metric = call.query("metric").orElse(Experiments.objective(entry).metric());
        return kept.reply(call, entry.id(), () -> {
            List<CardListing.Point> points = experiments.cards().points(entry.id(), metric, MOST_POINTS);
            return Map.of(
                    "metric", metric,
                    "total", points.isEmpty() ? 0 : points.getLast().number() + 1,
                    "number", points.stream().map(CardListing.Point::number).toList(),
                    "at", points.stream().map(point -> seconds(point.at())).toList(),
                    "value", points.stream().map(CardListing.Point::value).toList(),
                    "commit", points.stream().map(CardListing.Point::commit).toList(),
                    "accepted",
                            points.stream()
                                    .map(point -> point.accepted() ? 1 : 0)
                                    .toList());
        });
    }

    private static double seconds(java.time.@Nullable Instant at) {
        return at == null ? 0 : at.toEpochMilli() / 1e3;
    }

    Reply agents(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        return kept.reply(
                call,
                entry.id(),
                SPENDING,
                () -> Map.of(
                        "arms", stages.arms(entry.id()),
                        "spent", stages.spent(entry.id()),
                        "strategy", entry.settings().path("agents-strategy").asString(""),
                        "choice", choice(entry)));
    }

    /** How the agent of the next job is chosen: what each of several has been given, and what it promises. */
    private List<Map<String, @Nullable Object>> choice(Catalogue.Entry entry) {
        Map<String, ArmRecord> records = new HashMap<>();
        new Expenses(sources.database()).arms(entry.id()).forEach(arm -> records.put(arm.agent(), arm));
        Map<String, Double> promises = ArmRecord.promises(List.copyOf(records.values()));
        return entry.settings()
                .path("agents")
                .valueStream()
                .map(agent -> {
                    String name = agent.path("name").asString();
                    ArmRecord record = records.getOrDefault(name, new ArmRecord(name, 0, 0, 0, Spending.NONE));
                    Map<String, @Nullable Object> arm = new LinkedHashMap<>();
                    arm.put("agent", name);
                    arm.put("weight", agent.path("weight").asDouble(1));
                    arm.put("drawn", record.drawn());
                    arm.put("ended", record.ended());
                    arm.put("kept", record.kept());
                    arm.put("reward", record.ended() == 0 ? null : record.reward());
                    arm.put("spent", record.spent());
                    arm.put("promise", promises.get(name));
                    return arm;
                })
                .toList();
    }
}
