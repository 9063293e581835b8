package io.loreley.web;

import io.loreley.store.ApiTokens.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every address of the API. {@code openapi.json} describes them; a test holds one against the other. */
final class Routes {

    static final String PREFIX = "/api/v1";

    private static final String EXPERIMENT = "/experiments/{experiment}";

    private final List<Route> routes = new ArrayList<>();

    Routes(WebSources sources, EventStreams events) {
        KeptReplies kept = new KeptReplies(sources.pulse(), sources.clock());
        Experiments experiments = new Experiments(sources);
        experiments(sources, experiments, kept);
        jobs(sources, experiments, kept);
        commits(sources, experiments, kept);
        operations(new Operations(sources, experiments));
        ArchiveViews archive = new ArchiveViews(sources, experiments, kept);
        routes.add(Route.get(EXPERIMENT + "/archive", "getArchive", archive::islands));
        routes.add(Route.get(EXPERIMENT + "/archive/{island}/map", "getMap", archive::map));
        routes.add(Route.get(EXPERIMENT + "/archive/{island}/map/{square}", "getSquare", archive::square));
        routes.add(Route.get(EXPERIMENT + "/archive/{island}/growth", "getGrowth", archive::growth));
        routes.add(Route.get(EXPERIMENT + "/archive/{island}/cells", "getCells", archive::cells));
        routes.add(Route.get(EXPERIMENT + "/pareto", "getParetoFront", archive::pareto));
        ExportViews exports = new ExportViews(sources, experiments);
        routes.add(Route.get(EXPERIMENT + "/export/{table}", "export", exports::table));
        SystemViews system = new SystemViews(sources, experiments, events);
        routes.add(Route.get(EXPERIMENT + "/workers", "listWorkers", system::workers));
        routes.add(Route.get("/health", "getHealth", system::health));
        routes.add(Route.get("/system", "getSystem", system::system));
        routes.add(Route.get("/logs", "listLogs", system::logs));
        routes.add(Route.get("/logs/{log}", "getLog", system::log));
        routes.add(Route.get("/openapi.json", "getOpenApi", call -> Assets.openApi()));
        routes.add(Route.get(
                EXPERIMENT + "/events",
                "listenToEvents",
                call -> new Reply.Stream(
                        "text/event-stream",
                        Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"),
                        events.of(experiments.of(call).id()))));
        SessionViews session = new SessionViews();
        routes.add(Route.get("/session", "getSession", session::get));
        routes.add(new Route("POST", "/session", "openSession", Role.READ, session::open));
        routes.add(new Route("DELETE", "/session", "closeSession", Role.READ, session::close));
    }

    private void experiments(WebSources sources, Experiments experiments, KeptReplies kept) {
        ExperimentViews views = new ExperimentViews(sources, experiments, kept);
        routes.add(Route.get("/repositories", "listRepositories", views::repositories));
        routes.add(Route.get("/experiments", "listExperiments", views::experiments));
        routes.add(Route.get(EXPERIMENT, "getExperiment", views::experiment));
        routes.add(Route.get(EXPERIMENT + "/status", "getStatus", views::status));
        routes.add(Route.get(EXPERIMENT + "/progress", "getProgress", views::progress));
        routes.add(Route.get(EXPERIMENT + "/agents", "getAgents", views::agents));
    }

    private void jobs(WebSources sources, Experiments experiments, KeptReplies kept) {
        JobViews views = new JobViews(sources, experiments, kept);
        routes.add(Route.get(EXPERIMENT + "/jobs", "listJobs", views::jobs));
        routes.add(Route.get(EXPERIMENT + "/jobs/{job}", "getJob", views::job));
        routes.add(Route.get(EXPERIMENT + "/jobs/{job}/artifacts", "listArtifacts", views::artifacts));
        routes.add(Route.get(EXPERIMENT + "/jobs/{job}/artifacts/{+file}", "getArtifact", views::artifact));
    }

    private void commits(WebSources sources, Experiments experiments, KeptReplies kept) {
        CommitViews views = new CommitViews(sources, experiments, kept);
        routes.add(Route.get(EXPERIMENT + "/commits", "listCommits", views::commits));
        routes.add(Route.get(EXPERIMENT + "/commits/{commit}", "getCommit", views::commit));
        routes.add(Route.get(EXPERIMENT + "/compare", "compareCommits", views::compare));
        routes.add(Route.get(EXPERIMENT + "/lineage", "getLineage", views::lineage));
        DiffViews diffs = new DiffViews(sources, experiments);
        routes.add(Route.get(EXPERIMENT + "/commits/{commit}/diff", "getDiff", diffs::files));
        routes.add(Route.get(EXPERIMENT + "/commits/{commit}/diff/file", "getFileDiff", diffs::file));
    }

    private void operations(Operations operations) {
        routes.add(Route.get(EXPERIMENT + "/controls", "getControls", operations::controls));
        routes.add(Route.operate("POST", EXPERIMENT + "/pause", "pause", operations::pause));
        routes.add(Route.operate("POST", EXPERIMENT + "/resume", "resume", operations::resume));
        routes.add(Route.operate("POST", EXPERIMENT + "/jobs/{job}/cancel", "cancelJob", operations::cancel));
        routes.add(Route.operate("POST", EXPERIMENT + "/jobs/{job}/requeue", "requeueJob", operations::requeue));
        routes.add(Route.operate("PUT", EXPERIMENT + "/commits/{commit}/mark", "markCommit", operations::mark));
        routes.add(Route.operate("DELETE", EXPERIMENT + "/commits/{commit}/mark", "unmarkCommit", operations::unmark));
        routes.add(Route.operate("POST", EXPERIMENT + "/hints", "addHint", operations::hint));
        routes.add(Route.operate("DELETE", EXPERIMENT + "/hints", "clearHints", operations::clearHints));
    }

    List<Route> all() {
        return List.copyOf(routes);
    }
}
