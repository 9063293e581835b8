package io.loreley.store;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import io.loreley.domain.StageName;
import io.loreley.domain.Usage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search for tests of other packages, whose jobs are drawn, spend and end by a word. */
public final class SpendingSearch {

    private final StoredSearch search;
    private int drawn;

    public SpendingSearch(Database database) {
        this.search = new StoredSearch(database);
    }

    public ExperimentId experiment() {
        return search.experiment.id();
    }

    public Jobs jobs() {
        return search.jobs;
    }

    public InstantSource clock() {
        return search.clock;
    }

    public void passes(Duration time) {
        search.clock.advance(time);
    }

    /** Drawn now and waiting for a worker. */
    public JobId draw() {
        EvolutionJob job = search.job(drawn++, 0, search.clock.instant());
        search.jobs.draw(job);
        search.jobs.dispatch(experiment(), Integer.MAX_VALUE);
        return job.id();
    }

    public int drawn() {
        return drawn;
    }

    /** Claims a job, begins to code and spends. */
    public void work(JobId id, @Nullable Double cost, long tokens) {
        EvolutionJob job = search.claim(id);
        search.begin(job, StageName.CODE);
        search.stages.spent(id, 1, StageName.CODE, List.of(new Usage("model-x", tokens, 0, 0, cost)));
    }

    /** Claims a job, and sends it back for a cause that passes. */
    public void postpone(JobId id, FailureKind kind) {
        EvolutionJob job = search.claim(id);
        search.jobs.postpone(id, job.attempt(), kind, "the provider said so", Integer.MAX_VALUE);
    }

    public void claim(JobId id) {
        search.claim(id);
    }

    public void fail(JobId id, FailureKind kind) {
        if (search.find(id).status() == JobStatus.QUEUED) {
            search.claim(id);
        }
        search.jobs.fail(id, search.find(id).attempt(), kind, "the provider said so");
    }

    /** A commit was measured again, and no agent asked. */
    public void remeasured() {
        JobId id = draw();
        search.claim(id);
        search.execute(
                "UPDATE evolution_jobs SET kind = 'REMEASURE', status = 'SUCCEEDED', completed_at = '%s', result_commit_hash = base_commit_hash WHERE id = '%s'"
                        .formatted(search.clock.instant(), id));
    }

    public void cancel(JobId id) {
        search.cancel(id);
    }
}
