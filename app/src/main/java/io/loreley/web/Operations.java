package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.store.JobListing;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import java.util.Map;

/** What changes an experiment, through the same door as the command line. */
final class Operations {

    private final WebSources sources;
    private final Experiments experiments;
    private final JobListing listing;

    Operations(WebSources sources, Experiments experiments) {
        this.sources = sources;
        this.experiments = experiments;
        this.listing = new JobListing(sources.database());
    }

    Reply cancel(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        JobId job = call.job();
        if (listing.find(job, "")
                .filter(found -> found.experiment().equals(experiment))
                .isEmpty()) {
            throw Problem.notFound("there is no job " + job);
        }
        if (!new Jobs(sources.database(), new JobQueue(experiment, sources.clock()), sources.clock()).cancel(job)) {
            throw Problem.conflict("the job has ended already");
        }
        return new Reply.Value(Map.of("job", job, "status", "CANCELLED"));
    }
}
