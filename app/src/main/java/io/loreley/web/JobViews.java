package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.store.Catalogue;
import io.loreley.store.JobListing;
import io.loreley.store.StageListing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Jobs: the listing, one with its stages, and the files that its attempts left. */
final class JobViews {

    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 500;

    /** What an answer may be behind what a stage has spent so far, which is no change of its job. */
    private static final Duration SPENDING = Duration.ofSeconds(2);

    private final Experiments experiments;
    private final KeptReplies kept;
    private final JobListing jobs;
    private final StageListing stages;
    private final ArtifactStore artifacts;

    JobViews(WebSources sources, Experiments experiments, KeptReplies kept) {
        this.experiments = experiments;
        this.kept = kept;
        this.jobs = new JobListing(sources.database());
        this.stages = new StageListing(sources.database());
        this.artifacts = new ArtifactStore(sources.artifacts());
    }

    Reply jobs(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        var filter = new JobListing.Filter(
                entry.id(),
                call.words("status", JobStatus.class),
                call.constant("kind", JobKind.class),
                call.constant("failure", FailureKind.class),
                call.query("island").orElse(null),
                call.query("commit").map(Call::hash).orElse(null));
        var cursor = call.cursor(UUID::fromString).orElse(null);
        int limit = call.number("limit", PAGE, 1, LONGEST_PAGE);
        return kept.reply(
                call,
                entry.id(),
                () -> jobs.page(filter, Experiments.objective(entry).metric(), cursor, limit));
    }

    Reply job(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        JobId job = call.job();
        return kept.reply(call, entry.id(), SPENDING, () -> {
            JobListing.Detail detail = find(entry, job);
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("job", detail);
            body.put("stages", stages.of(job));
            body.put("advice", Advice.on(detail.line().failureKind()));
            return body;
        });
    }

    private JobListing.Detail find(Catalogue.Entry entry, JobId job) {
        return jobs.find(job, Experiments.objective(entry).metric())
                .filter(found -> found.experiment().equals(entry.id()))
                .orElseThrow(() -> Problem.notFound("experiment '%s' has no job %s".formatted(entry.name(), job)));
    }

    Reply artifacts(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        List<ArtifactStore.File> files = artifacts.files(experiment, call.job());
        return new Reply.Value(Map.of("items", files));
    }

    Reply artifact(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        ArtifactStore.Part part = artifacts.read(
                experiment,
                call.job(),
                call.path("file"),
                call.query("tail").isPresent()
                        ? (long) -call.number("tail", 65536, 1, 4_194_304)
                        : call.number("from", 0, 0, 9_999_999));
        if (call.query("raw").isPresent()) {
            return part.download();
        }
        return new Reply.Value(part.body());
    }
}
