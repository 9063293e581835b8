package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The refs that keep candidates: in quarantine, named by their job, from the moment they are made, and for ever, named by
 * their hash, once they are to be recorded. Where machines share a remote, they are kept there too: a quarantined one if
 * the remote can be reached, since the job can end without; a recorded one in any case. Each step can be repeated.
 */
public final class CandidateRefs {

    private static final Logger LOG = LoggerFactory.getLogger(CandidateRefs.class);

    private final Hub hub;
    private final @Nullable Remote remote;
    private final Patience patience = new Patience();
    private final String prefix;

    /** @param remote absent on a machine of its own */
    public CandidateRefs(Hub hub, @Nullable Remote remote, ExperimentId experiment) {
        this.hub = hub;
        this.remote = remote;
        this.prefix = ofExperiment(experiment);
    }

    Hub hub() {
        return hub;
    }

    /** Keeps a candidate until its job succeeds, or may not be queued again any more. */
    void quarantine(JobId job, CommitHash candidate) {
        hub.keep(quarantined(job), candidate);
        if (remote == null) {
            return;
        }
        try {
            remote.push(quarantined(job), candidate);
        } catch (LoreleyException e) {
            // Only another machine that takes the job over would miss it; the publication waits for the remote.
            LOG.atWarn()
                    .addKeyValue("job", job)
                    .addKeyValue("commit", candidate)
                    .setCause(e)
                    .log("quarantine.not-pushed");
        }
    }

    /** Keeps a job's candidate for ever. */
    void publish(JobId job, CommitHash candidate) {
        patience.insistOnGit(() -> hub.move(quarantined(job), permanent(candidate), candidate));
        share(candidate);
    }

    /** Keeps a commit for ever that was never in quarantine. */
    void publish(CommitHash commit) {
        hub.keep(permanent(commit), commit);
        share(commit);
    }

    /** Nobody may know of a commit that they could not fetch. */
    private void share(CommitHash commit) {
        if (remote != null) {
            patience.insistOnGit(() -> remote.push(permanent(commit), commit));
        }
    }

    /** Makes sure that a commit which the database speaks of is here. */
    void require(CommitHash commit) {
        boolean here = remote == null ? hub.contains(commit) : obtained(commit);
        if (!here) {
            throw new LoreleyException(
                    FailureKind.GIT,
                    "commit %s is neither in %s nor in a remote; machines that share a database need a shared --git-remote"
                            .formatted(commit.abbreviated(), hub.folder()));
        }
    }

    /** Whether a commit is here now. */
    boolean obtained(CommitHash commit) {
        return patience.askGit(() -> hub.obtain(commit));
    }

    private String permanent(CommitHash commit) {
        return "%s/commits/%s".formatted(prefix, commit);
    }

    private String quarantined(JobId job) {
        return "%s/quarantine/%s".formatted(prefix, job);
    }

    /** What all refs of an experiment's candidates begin with; a slash follows. */
    public static String ofExperiment(ExperimentId experiment) {
        return "refs/loreley/" + experiment;
    }

    /** What the refs of an experiment's quarantined candidates begin with; the job follows after a slash. */
    static String quarantine(ExperimentId experiment) {
        return ofExperiment(experiment) + "/quarantine";
    }
}
