package io.loreley.domain;

/** The cause of a failure, coarse enough to be counted. Stored with every failed job. */
public enum FailureKind {
    /** A setting is missing, mistyped, out of range, or names a program that cannot be started. Trying again cannot help. */
    CONFIGURATION(Origin.SURROUNDINGS),
    /** Git refused, or an object is missing. */
    GIT(Origin.SURROUNDINGS),
    /** The Git remote that machines share could not be reached. It may be back in a while. */
    REMOTE(Origin.SERVICE),
    /** The database refused or is gone. */
    DATABASE(Origin.SURROUNDINGS),
    /** The disk is full, a folder is not writable. */
    STORAGE(Origin.SERVICE),
    /** The agent's program could not be started, crashed, or ended with a failing exit code. */
    AGENT_CRASH(Origin.SURROUNDINGS),
    /** The agent did not end in its time. */
    AGENT_TIMEOUT(Origin.ATTEMPT),
    /** The agent ended well, and its report cannot be read. */
    AGENT_OUTPUT(Origin.ATTEMPT),
    /** The agent's provider refused its key, or it has none. */
    AGENT_AUTH(Origin.SURROUNDINGS),
    /** The agent's provider is asked too often. */
    AGENT_RATE_LIMIT(Origin.SERVICE),
    /** The agent's provider cannot be reached, or fails. */
    AGENT_UNAVAILABLE(Origin.SERVICE),
    /** The agent used up what one job may cost. */
    AGENT_BUDGET(Origin.ATTEMPT),
    /** The agent changed nothing. */
    NO_CHANGE(Origin.CANDIDATE),
    /** What the agent left must not be committed: a secret, a generated folder, a file that is too large. */
    FORBIDDEN_CHANGE(Origin.CANDIDATE),
    /** The evaluator's program crashed, ended with a failing exit code, or is the candidate's own and could not be started. */
    EVALUATOR_CRASH(Origin.CANDIDATE),
    /** The evaluator did not end in its time. */
    EVALUATOR_TIMEOUT(Origin.CANDIDATE),
    /** The evaluator ended well, and its result cannot be read. */
    EVALUATOR_OUTPUT(Origin.CANDIDATE),
    /** The evaluator's result lacks the objective. */
    OBJECTIVE_MISSING(Origin.CANDIDATE),
    /** Files that make up the evaluator are not those that the experiment began with. */
    EVALUATOR_CHANGED(Origin.SURROUNDINGS),
    /** The candidate changes a path that it may not touch. */
    PROTECTED_PATH(Origin.CANDIDATE),
    /** The root commit was measured, and does not pass what every candidate must. */
    ROOT_INVALID(Origin.ATTEMPT),
    /** The commit holds nothing that the behaviour space can be computed from. */
    EMBEDDING(Origin.ATTEMPT),
    /** The endpoint of a language model is not available, or answers nonsense. */
    ENDPOINT(Origin.SURROUNDINGS),
    /** The worker died too often while it held the job. */
    WORKER_LOST(Origin.SURROUNDINGS),
    /** The work was told to stop. */
    INTERRUPTED(Origin.ATTEMPT),
    /** A bug of Loreley. */
    INTERNAL(Origin.SURROUNDINGS),
    /** Another system failed the job, and did not say of what kind it was. */
    UNKNOWN(Origin.ATTEMPT);

    private final Origin origin;

    FailureKind(Origin origin) {
        this.origin = origin;
    }

    public Origin origin() {
        return origin;
    }

    /** Where a failure comes from, which decides what is done about it. */
    public enum Origin {
        /** The machine, its settings, or Loreley: other jobs fail as well, until a person mends it. */
        SURROUNDINGS,
        /** Something that may serve again in a while, without us: the job is tried again later. */
        SERVICE,
        /** What the agent made: other agents learn from it. */
        CANDIDATE,
        /** This one attempt: it says nothing of other jobs, and teaches nothing. */
        ATTEMPT
    }
}
