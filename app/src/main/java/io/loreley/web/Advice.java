package io.loreley.web;

import io.loreley.domain.FailureKind;
import org.jspecify.annotations.Nullable;

/** What to do about a failure, in a sentence or two for the person who looks at it. */
final class Advice {

    private Advice() {}

    static @Nullable String on(@Nullable String kind) {
        return kind == null ? null : on(FailureKind.valueOf(kind));
    }

    private static String on(FailureKind kind) {
        return switch (kind) {
            case CONFIGURATION ->
                "A setting is wrong, and trying again cannot help. The message names it; mend it in loreley.yaml.";
            case GIT ->
                "Git refused. If an object is missing, somebody pruned the hub; otherwise the message says what stood in the way.";
            case REMOTE ->
                "The git remote that machines share was away. Jobs that need it are tried again by themselves.";
            case ENDPOINT ->
                "The endpoint of a language model is away or answers nonsense. Look at llm.base-url, and at the provider's status.";
            case DATABASE ->
                "The database refused or was away. Once it is back, new jobs go on; requeue this one if it mattered.";
            case STORAGE ->
                "The disk is full or a folder cannot be written. Make room in Loreley's home, then requeue.";
            case AGENT_CRASH ->
                "The agent's program could not be started or ended badly. Read its output below; run its command by hand in a checkout of the base.";
            case AGENT_TIMEOUT ->
                "The agent did not end in its time. Raise agent.timeout, or look at what it was waiting for.";
            case AGENT_OUTPUT ->
                "The agent ended, and its report could not be read. The agent's contract says what it must hold.";
            case AGENT_AUTH ->
                "The provider refused the key, or none was given. Set the key that the agent's settings name, and start again.";
            case AGENT_RATE_LIMIT ->
                "The provider limits how fast it is asked. Drawing pauses and goes on by itself; fewer workers help.";
            case AGENT_UNAVAILABLE ->
                "The provider was down or unreachable. Drawing pauses and goes on by itself; requeue this one if it mattered.";
            case AGENT_BUDGET ->
                "The agent reached the money or turns that one run of it may use. Raise that limit, or ask for less at once.";
            case NO_CHANGE ->
                "The agent changed nothing. A few of these are normal; many mean that it does not see what to do.";
            case FORBIDDEN_CHANGE ->
                "The candidate holds what must not be committed; the message names the file and the rule. The settings under commit decide.";
            case EVALUATOR_CRASH ->
                "The evaluator ended badly. For a broken candidate that is its job; if the root fails too, the evaluator is at fault.";
            case EVALUATOR_TIMEOUT ->
                "The evaluator did not end in its time: the candidate is slow or hangs, or evaluator.timeout is too short.";
            case EVALUATOR_OUTPUT ->
                "The evaluator's result could not be read. Its contract says what it must hold; candidates must not write to its output.";
            case OBJECTIVE_MISSING ->
                "The result holds no value for the objective. Report the metric that loreley.yaml names, for every valid candidate.";
            case EVALUATOR_CHANGED ->
                "The evaluator's files are not those that the experiment began with. Put them back, or start another experiment.";
            case PROTECTED_PATH ->
                "The candidate changed a path that evaluator settings protect. Say so in the constraints that agents read.";
            case ROOT_INVALID ->
                "The root itself breaks a requirement or fails a gate, so nothing can be compared with it. Mend the root or the requirement.";
            case EMBEDDING ->
                "Nothing in the commit can be embedded. Look at embedding.extensions and embedding.excluded.";
            case WORKER_LOST ->
                "Several workers died while they held this job. Look for memory that ran out, or a candidate that kills its surroundings.";
            case INTERRUPTED -> "It was told to stop. Nothing is wrong.";
            case UNKNOWN -> "It came from another system, which did not record the cause.";
            case INTERNAL -> "This is a bug of Loreley. The log has its trace; please report it.";
        };
    }
}
