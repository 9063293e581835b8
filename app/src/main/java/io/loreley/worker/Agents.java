package io.loreley.worker;

import io.loreley.agent.Agent;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agents of an experiment: one, or several of which each job names its own. Safe for many threads. */
public final class Agents {

    private final List<Arm> arms;

    /** @param arms at least one; names differ */
    public Agents(List<Arm> arms) {
        this.arms = List.copyOf(arms);
    }

    /** Who plans, if somebody does, and who codes. */
    public record Arm(String name, @Nullable Agent planner, Agent coder, Duration planLimit, Duration codeLimit) {}

    /**
     * The agents of a job.
     *
     * @throws LoreleyException of kind CONFIGURATION if it names one that is not among them
     */
    Arm of(EvolutionJob job) {
        String name = job.agent();
        if (name == null) {
            return arms.getFirst();
        }
        return arms.stream()
                .filter(arm -> arm.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "job %s was given to the agent '%s', which this worker's settings do not have"
                                .formatted(job.id(), name)));
    }

    /** What the ledger says of who ran a stage: the arm where there are several, else the agent itself. */
    String label(EvolutionJob job, Agent agent) {
        String name = job.agent();
        return name == null ? agent.name() : name;
    }
}
