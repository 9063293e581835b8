package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.git.Hub;

/**
 * The refs that keep candidates: in quarantine, named by their job, from the moment they are made, and for ever, named by
 * their hash, once they are to be recorded. Each step can be repeated.
 */
final class CandidateRefs {

    private final Hub hub;
    private final String prefix;

    CandidateRefs(Hub hub, ExperimentId experiment) {
        this.hub = hub;
        this.prefix = "refs/loreley/" + experiment;
    }

    /** Keeps a candidate until its job ends. */
    void quarantine(JobId job, CommitHash candidate) {
        hub.keep(quarantined(job), candidate);
    }

    /** Keeps a job's candidate for ever. */
    void publish(JobId job, CommitHash candidate) {
        hub.move(quarantined(job), permanent(candidate), candidate);
    }

    /** Keeps a commit for ever that was never in quarantine. */
    void publish(CommitHash commit) {
        hub.keep(permanent(commit), commit);
    }

    private String permanent(CommitHash commit) {
        return "%s/commits/%s".formatted(prefix, commit);
    }

    private String quarantined(JobId job) {
        return "%s/quarantine/%s".formatted(prefix, job);
    }
}
