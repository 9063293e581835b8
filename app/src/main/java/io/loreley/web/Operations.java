package io.loreley.web;

import io.loreley.domain.CommitMark;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.Json;
import io.loreley.store.Controls;
import io.loreley.store.JobListing;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What changes an experiment, through the same door as the command line, in the caller's name; and what was ordered so far. */
final class Operations {

    private static final int LARGEST_BODY = 16 * 1024;
    private static final int LONGEST_HINT = 4000;
    private static final int ENTRIES = 200;

    private final Experiments experiments;
    private final Controls controls;
    private final JobListing listing;

    Operations(WebSources sources, Experiments experiments) {
        this.experiments = experiments;
        this.controls = new Controls(sources.database());
        this.listing = new JobListing(sources.database());
    }

    /** What stands: whether it is paused, what is marked, what prompts say; and the audit trail. */
    Reply controls(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        Map<String, Object> marks = new LinkedHashMap<>();
        controls.marks(experiment).forEach((commit, mark) -> marks.put(commit.value(), mark));
        return new Reply.Value(Map.of(
                "paused", controls.isPaused(experiment),
                "marks", marks,
                "hints", controls.hints(experiment),
                "audit", controls.audit(experiment, ENTRIES)));
    }

    Reply pause(Call call) {
        controls.pause(experiments.of(call).id(), call.caller().name());
        return new Reply.Value(Map.of("paused", true));
    }

    Reply resume(Call call) {
        controls.resume(experiments.of(call).id(), call.caller().name());
        return new Reply.Value(Map.of("paused", false));
    }

    Reply cancel(Call call) {
        return new Reply.Value(
                Map.of("job", controls.cancel(job(call), call.caller().name()), "status", "CANCELLED"));
    }

    Reply requeue(Call call) {
        Controls.Requeued requeued = controls.requeue(job(call), call.caller().name());
        return new Reply.Value(Map.of("job", requeued.job(), "status", requeued.status()));
    }

    /** Only jobs of the experiment that the address names. */
    private String job(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        JobId job = call.job();
        if (listing.find(job, "")
                .filter(found -> found.experiment().equals(experiment))
                .isEmpty()) {
            throw Problem.notFound("there is no job " + job);
        }
        return job.toString();
    }

    Reply mark(Call call) {
        JsonNode body = body(call);
        CommitMark mark = switch (body.path("mark").asString("")) {
            case "PINNED" -> CommitMark.PINNED;
            case "BANNED" -> CommitMark.BANNED;
            default -> throw Problem.badRequest("mark: PINNED or BANNED; DELETE takes it away");
        };
        ExperimentId experiment = experiments.of(call).id();
        var commit =
                controls.mark(experiment, call.commit(), mark, call.caller().name());
        return new Reply.Value(Map.of("commit", commit, "mark", mark));
    }

    Reply unmark(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        var commit =
                controls.unmark(experiment, call.commit(), null, call.caller().name());
        return new Reply.Value(Map.of("commit", commit, "mark", ""));
    }

    Reply hint(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        JsonNode body = body(call);
        String text = body.path("text").asString("").strip();
        if (text.isEmpty() || text.length() > LONGEST_HINT) {
            throw Problem.badRequest("text: from 1 to %d characters".formatted(LONGEST_HINT));
        }
        JsonNode island = body.path("island");
        if (!island.isString() && !island.isNull() && !island.isMissingNode()) {
            throw Problem.badRequest("island: the name of one, or nothing for all");
        }
        controls.hint(
                experiment,
                island.isString() ? island.asString() : null,
                text,
                call.caller().name());
        return new Reply.Value(Map.of("hints", controls.hints(experiment)));
    }

    Reply clearHints(Call call) {
        return new Reply.Value(Map.of(
                "cleared",
                controls.clearHints(experiments.of(call).id(), call.caller().name())));
    }

    private static JsonNode body(Call call) {
        try {
            return Json.parse(call.body(LARGEST_BODY));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("the request's body " + e.getMessage());
        }
    }
}
