package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Limits;
import io.loreley.domain.Sampling;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.sampling.Draw;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all jobs of an experiment have in common, and how each kind differs.
 *
 * @param directions where the jobs of the cold start go
 */
public record JobTemplate(
        Experiment experiment,
        CommitHash root,
        String goal,
        List<String> constraints,
        List<String> acceptanceCriteria,
        Directions directions) {

    /** Of what others wait for: the search for the root, the user for the hold-out. */
    static final int AWAITED = 10;

    public JobTemplate {
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
    }

    EvolutionJob root(String island, RandomGenerator random, Instant now) {
        return job(JobKind.ROOT, root, island, spec(null), Sampling.none("root"), null, random, now);
    }

    EvolutionJob seed(long draw, long direction, String island, RandomGenerator random, Instant now) {
        String hint = directions.hint(direction);
        return job(JobKind.SEED, root, island, spec(hint), Sampling.none("seed"), draw, random, now);
    }

    EvolutionJob evolve(long draw, String island, Draw<CommitHash> drawn, RandomGenerator random, Instant now) {
        String hint = "MAP-Elites radius %d (initial %d)".formatted(drawn.radiusUsed(), drawn.initialRadius());
        Sampling sampling = new Sampling(
                drawn.inspirations().stream()
                        .map(Elite::solution)
                        .map(CommitHash::value)
                        .toList(),
                drawn.strategy(),
                drawn.initialRadius(),
                drawn.radiusUsed(),
                drawn.fallbacks());
        return job(JobKind.EVOLVE, drawn.base().solution(), island, spec(hint), sampling, draw, random, now);
    }

    EvolutionJob remeasure(long draw, String island, CommitHash commit, RandomGenerator random, Instant now) {
        return job(JobKind.REMEASURE, commit, island, spec(null), Sampling.none("remeasure"), draw, random, now);
    }

    EvolutionJob holdout(String island, CommitHash best, RandomGenerator random, Instant now) {
        return job(JobKind.HOLDOUT, best, island, spec(null), Sampling.none("holdout"), null, random, now);
    }

    private EvolutionJob job(
            JobKind kind,
            CommitHash base,
            String island,
            JobSpec spec,
            Sampling sampling,
            @Nullable Long draw,
            RandomGenerator random,
            Instant now) {
        JobId id = new JobId(UUID.randomUUID());
        // Agents are often written in languages whose JSON numbers are doubles.
        long seed = random.nextInt(Integer.MAX_VALUE);
        int priority = kind == JobKind.ROOT || kind == JobKind.HOLDOUT ? AWAITED : 0;
        return new EvolutionJob(id, experiment, kind, base, island, spec, sampling, draw, seed, priority, now);
    }

    private JobSpec spec(@Nullable String hint) {
        return new JobSpec(
                Limits.clamp(goal, Limits.GOAL), constraints, acceptanceCriteria, List.of(), List.of(), hint);
    }
}
