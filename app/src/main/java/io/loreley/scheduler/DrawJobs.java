package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.sampling.Draw;
import io.loreley.mapelites.sampling.Pairing;
import io.loreley.store.Archives;
import io.loreley.store.Jobs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Draws jobs while there is room: the root first, then seeds, then elites with inspirations. The random choices of a draw
 * follow from the experiment's seed and the number of the draw, which the database counts, so that a restart goes on
 * where it was.
 */
public final class DrawJobs {

    private final Jobs jobs;
    private final Islands islands;
    private final JobTemplate template;
    private final AgentChoice agents;
    private final SearchSettings settings;
    private final InstantSource clock;
    private final Instant started;

    public DrawJobs(
            Jobs jobs,
            Islands islands,
            JobTemplate template,
            AgentChoice agents,
            SearchSettings settings,
            InstantSource clock) {
        this.jobs = jobs;
        this.islands = islands;
        this.template = template;
        this.agents = agents;
        this.settings = settings;
        this.clock = clock;
        this.started = clock.instant();
    }

    /**
     * Draws at most {@code room} jobs.
     *
     * @param open the jobs that are not final
     * @return how many were drawn
     * @throws LoreleyException if the root cannot be evaluated or embedded: there is nothing to search from
     */
    int run(int room, List<EvolutionJob> open, Budget budget) {
        if (!rootIsElite()) {
            return drawRoot();
        }
        Set<Pairing<CommitHash>> inFlight = inFlight(open);
        int drawn = 0;
        for (long number = jobs.nextDraw(experiment());
                drawn < room && budget.drawsLeft(number) > 0 && !budget.timeIsUp();
                number++) {
            RandomGenerator random = generator(number);
            EvolutionJob job = draw(number, inFlight, random);
            agents.next(random).ifPresent(job::givenTo);
            jobs.draw(job);
            pairing(job).ifPresent(pairing -> {
                inFlight.add(pairing);
                islands.current().curiosity().drawn(pairing.base());
            });
            drawn++;
        }
        return drawn;
    }

    /** How many jobs were drawn over the experiment's life. */
    long drawn() {
        return jobs.nextDraw(experiment());
    }

    private EvolutionJob draw(long number, Set<Pairing<CommitHash>> inFlight, RandomGenerator random) {
        if (number < settings.seeds()) {
            return template.seed(number, random, clock.instant());
        }
        Draw<CommitHash> draw = islands.current()
                .draw(inFlight, random)
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.INTERNAL, "the archive holds the root and gave nothing. Indicates a bug."));
        return template.evolve(number, draw, random, clock.instant());
    }

    /** Distinct for each draw, and the same after a restart. */
    private RandomGenerator generator(long number) {
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + number);
    }

    private boolean rootIsElite() {
        return !islands.current().archive().elites().isEmpty();
    }

    private int drawRoot() {
        Optional<EvolutionJob> last = jobs.latest(experiment(), JobKind.ROOT);
        if (last.isEmpty() || endedBeforeThisRun(last.get())) {
            jobs.draw(template.root(generator(-1), clock.instant()));
            return 1;
        }
        EvolutionJob root = last.get();
        if (root.status() == JobStatus.FAILED) {
            throw SearchImpossibleException.withoutRoot(root.failureKind(), root.lastError());
        }
        if (root.status() == JobStatus.SUCCEEDED && root.ingestion().attempts() >= Archives.MAX_INGESTION_ATTEMPTS) {
            throw SearchImpossibleException.withoutRoot(
                    FailureKind.EMBEDDING, root.ingestion().reason());
        }
        return 0;
    }

    /** A root that failed in an earlier run is given another chance: the user may have mended what was wrong. */
    private boolean endedBeforeThisRun(EvolutionJob root) {
        Instant completed = root.completedAt();
        return (root.status() == JobStatus.FAILED || root.status() == JobStatus.CANCELLED)
                && completed != null
                && completed.isBefore(started);
    }

    private static Set<Pairing<CommitHash>> inFlight(List<EvolutionJob> open) {
        return open.stream().flatMap(job -> pairing(job).stream()).collect(Collectors.toCollection(HashSet::new));
    }

    /** Seeds share their base and have no inspirations; they are told apart by their seed. */
    private static Optional<Pairing<CommitHash>> pairing(EvolutionJob job) {
        CommitHash base = job.base();
        return base == null || job.kind() != JobKind.EVOLVE
                ? Optional.empty()
                : Optional.of(Pairing.of(base, job.inspirations()));
    }

    private ExperimentId experiment() {
        return islands.key().experiment();
    }
}
