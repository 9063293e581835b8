package io.loreley.cli;

import static io.loreley.domain.Json.decimal;

import io.loreley.cli.display.Overview;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.BudgetUse;
import io.loreley.domain.ExperimentStatus.Improvement;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.domain.Spending;
import io.loreley.domain.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An experiment as a server tells of it. */
final class RemoteExperiment {

    private final ApiClient api;
    private final ExperimentId id;
    private final String name;
    private final String goal;
    private final boolean live;

    private RemoteExperiment(ApiClient api, JsonNode line) {
        this.api = api;
        this.id = ExperimentId.parse(line.path("id").asString());
        this.name = line.path("name").asString();
        this.goal = line.path("goal").asString();
        this.live = line.path("live").asBoolean();
    }

    /**
     * One of a server's experiments: the one that it runs itself, or else the youngest.
     *
     * @param nameOrId the name or the first digits of the id; absent for any
     */
    static Optional<RemoteExperiment> find(ApiClient api, @Nullable String nameOrId) {
        JsonNode fitting = null;
        for (JsonNode each : api.get("/experiments").path("items")) {
            boolean fits = nameOrId == null
                    || nameOrId.equals(each.path("name").asString())
                    || each.path("id").asString().startsWith(nameOrId.toLowerCase(Locale.ROOT));
            if (fits && each.path("live").asBoolean()) {
                return Optional.of(new RemoteExperiment(api, each));
            }
            if (fits && fitting == null) {
                fitting = each;
            }
        }
        return Optional.ofNullable(fitting).map(line -> new RemoteExperiment(api, line));
    }

    /** Whether the server that was asked runs it. */
    boolean isLive() {
        return live;
    }

    /** Tells of each change until the stream ends. */
    void listen(Runnable changed) {
        api.listen(path("/events"), changed);
    }

    private String path(String rest) {
        return "/experiments/" + id + rest;
    }

    /** How it is now. */
    Overview overview(Instant now) {
        JsonNode status = api.get(path("/status"));
        List<Overview.Running> running = status.path("running")
                .valueStream()
                .map(RemoteExperiment::running)
                .toList();
        List<Overview.Worker> workers = api.get("/system")
                .path("workers")
                .valueStream()
                .filter(worker -> id.toString().equals(worker.path("experiment").asString("")))
                .map(worker -> worker(worker, now))
                .flatMap(Optional::stream)
                .toList();
        return new Overview(status(status), goal, state(status), running, workers, api.address());
    }

    /** A server of an older version says only whether it runs the experiment itself. */
    private static Overview.State state(JsonNode status) {
        return switch (status.path("state").asString("")) {
            case "RUNNING" -> Overview.State.RUNNING;
            case "PAUSED" -> Overview.State.PAUSED;
            case "IDLE" -> Overview.State.IDLE;
            default -> status.path("live").asBoolean() ? Overview.State.RUNNING : Overview.State.IDLE;
        };
    }

    private static Overview.Running running(JsonNode job) {
        JsonNode draw = job.path("draw");
        return new Overview.Running(
                draw.isNumber()
                        ? "job " + (draw.asLong() + 1)
                        : job.path("kind").asString("").toLowerCase(Locale.ROOT),
                job.path("stage").asString(""),
                job.path("base").asString(""),
                job.path("worker").asString(""),
                job.path("started_at").isString()
                        ? Instant.parse(job.path("started_at").asString())
                        : null);
    }

    /** Those that work; empty for one that has ended, or was not seen for a minute. */
    private static Optional<Overview.Worker> worker(JsonNode worker, Instant now) {
        Duration silence =
                Duration.between(Instant.parse(worker.path("last_seen_at").asString()), now);
        if (worker.path("stopped_at").isString() || silence.compareTo(Duration.ofMinutes(1)) > 0) {
            return Optional.empty();
        }
        return Optional.of(new Overview.Worker(
                worker.path("who").path("name").asString(),
                worker.path("who").path("slots").asInt(),
                !worker.path("alive").asBoolean()
                        ? "lost"
                        : worker.path("draining").asBoolean() ? "draining" : "alive"));
    }

    private ExperimentStatus status(JsonNode status) {
        JsonNode objective = status.path("objective");
        JsonNode jobs = status.path("jobs");
        JsonNode archive = status.path("archive");
        JsonNode noise = status.path("noise");
        return new ExperimentStatus(
                name,
                id,
                new Objective(
                        objective.path("metric").asString(),
                        Direction.valueOf(objective.path("direction").asString().toUpperCase(Locale.ROOT))),
                new ExperimentStatus.Jobs(
                        jobs.path("pending").asLong(),
                        jobs.path("queued").asLong(),
                        jobs.path("running").asLong(),
                        jobs.path("succeeded").asLong(),
                        jobs.path("failed").asLong(),
                        jobs.path("cancelled").asLong()),
                failures(status.path("failures")),
                score(status.path("root")),
                score(status.path("best")),
                status.path("history")
                        .valueStream()
                        .map(step -> new Improvement(
                                step.path("job").asLong(),
                                Instant.parse(step.path("at").asString()),
                                decimal(step.path("value"))))
                        .toList(),
                archive.path("elites").asInt(),
                archive.path("cells").asLong(),
                decimal(archive.path("qd_score")),
                seconds(status.path("elapsed_seconds")),
                budget(status.path("budget")),
                spending(status.path("spending")),
                noise.isObject() ? new Spread(noise.path("samples").asInt(), decimal(noise.path("deviation"))) : null,
                holdout(status.path("holdout")));
    }

    private static ExperimentStatus.@Nullable Holdout holdout(JsonNode holdout) {
        return holdout.isObject()
                ? new ExperimentStatus.Holdout(
                        score(holdout.path("passed")),
                        holdout.path("failed")
                                .valueStream()
                                .map(commit -> new CommitHash(commit.asString()))
                                .toList(),
                        holdout.path("waiting").asBoolean())
                : null;
    }

    private static Map<FailureKind, Long> failures(JsonNode byKind) {
        Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
        byKind.properties()
                .forEach(each ->
                        failures.merge(kind(each.getKey()), each.getValue().asLong(), Long::sum));
        return failures;
    }

    /** A server of another version may know more kinds than we do. */
    private static FailureKind kind(String name) {
        for (FailureKind kind : FailureKind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        return FailureKind.UNKNOWN;
    }

    private static @Nullable Score score(JsonNode score) {
        return score.isObject()
                ? new Score(
                        new CommitHash(score.path("commit").asString()),
                        decimal(score.path("value")),
                        score.path("subject").asString(""))
                : null;
    }

    private static BudgetUse budget(JsonNode budget) {
        return new BudgetUse(
                budget.path("drawn").asLong(),
                budget.path("job_limit").isNumber() ? budget.path("job_limit").asLong() : null,
                seconds(budget.path("seconds_used")),
                budget.path("seconds_limit").isNumber() ? seconds(budget.path("seconds_limit")) : null,
                budget.path("cost_limit").isNumber() ? decimal(budget.path("cost_limit")) : null,
                budget.path("token_limit").isNumber()
                        ? budget.path("token_limit").asLong()
                        : null);
    }

    private static Duration seconds(JsonNode number) {
        return number.isNumber() ? Duration.ofMillis(Math.round(1000 * decimal(number))) : Duration.ZERO;
    }

    private static Map<String, Spending> spending(JsonNode byAgent) {
        Map<String, Spending> spending = new TreeMap<>();
        byAgent.properties().forEach(each -> {
            JsonNode used = each.getValue();
            spending.put(
                    each.getKey(),
                    new Spending(
                            used.path("calls").asLong(),
                            used.path("unpriced_calls").asLong(),
                            used.path("input_tokens").asLong(),
                            used.path("cached_input_tokens").asLong(),
                            used.path("output_tokens").asLong(),
                            decimal(used.path("cost_usd"))));
        });
        return spending;
    }

    /** Whether a failure may be gone the next time: the server restarts, or its database does. */
    static boolean mayPass(LoreleyException failure) {
        return failure.kind() == FailureKind.ENDPOINT;
    }
}
