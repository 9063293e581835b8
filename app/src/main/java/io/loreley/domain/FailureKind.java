package io.loreley.domain;

/** The cause of a failure, coarse enough to be counted. Stored with every failed job. */
public enum FailureKind {
    /** A setting is missing, mistyped or out of range. Trying again cannot help. */
    CONFIGURATION,
    /** Git refused, or an object is missing. */
    GIT,
    /** The Git remote that machines share could not be reached. It may be back in a while. */
    REMOTE,
    /** The database refused or is gone. */
    DATABASE,
    /** The disk is full, a folder is not writable. */
    STORAGE,
    /** The agent's program could not be started, crashed, or ended with a failing exit code. */
    AGENT_CRASH,
    /** The agent did not end in its time. */
    AGENT_TIMEOUT,
    /** The agent ended well, and its report cannot be read. */
    AGENT_OUTPUT,
    /** The agent's provider refused its key, or it has none. */
    AGENT_AUTH,
    /** The agent's provider is asked too often. */
    AGENT_RATE_LIMIT,
    /** The agent's provider cannot be reached, or fails. */
    AGENT_UNAVAILABLE,
    /** The agent used up what one job may cost. */
    AGENT_BUDGET,
    /** The agent changed nothing. */
    NO_CHANGE,
    /** What the agent left must not be committed: a secret, a generated folder, a file that is too large. */
    FORBIDDEN_CHANGE,
    /** The evaluator's program could not be started, crashed, or ended with a failing exit code. */
    EVALUATOR_CRASH,
    /** The evaluator did not end in its time. */
    EVALUATOR_TIMEOUT,
    /** The evaluator ended well, and its result cannot be read. */
    EVALUATOR_OUTPUT,
    /** The evaluator's result lacks the objective. */
    OBJECTIVE_MISSING,
    /** Files that make up the evaluator are not those that the experiment began with. */
    EVALUATOR_CHANGED,
    /** The candidate changes a path that it may not touch. */
    PROTECTED_PATH,
    /** The root commit was measured, and does not pass what every candidate must. */
    ROOT_INVALID,
    /** The commit holds nothing that the behaviour space can be computed from. */
    EMBEDDING,
    /** The endpoint of a language model is not available, or answers nonsense. */
    ENDPOINT,
    /** The worker died too often while it held the job. */
    WORKER_LOST,
    /** The work was told to stop. */
    INTERRUPTED,
    /** A bug of Loreley. */
    INTERNAL,
    /** Another system failed the job, and did not say of what kind it was. */
    UNKNOWN
}
