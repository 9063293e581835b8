package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.sampling.Draw;
import io.loreley.mapelites.sampling.Pairing;
import io.loreley.store.Archives;
import io.loreley.store.Jobs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Draws jobs while there is room: the root first, then seeds, then elites with inspirations; besides, whatever room there
 * is, the best for the hold-out. The islands take turns. The island of a draw and its random choices follow from the
 * experiment's seed and the number of the draw, which the database counts, so that a restart goes on where it was.
 */
public final class DrawJobs {

    private final Jobs jobs;
    private final Islands islands;
    private final JobTemplate template;
    private final AgentChoice agents;
    private final Supplier<Optional<CommitHash>> toHoldOut;
    private final SearchSettings settings;
    private final InstantSource clock;
    private final Instant started;

    /** @param toHoldOut the commit that the hold-out has to measure next, if there is one */
    public DrawJobs(
            Jobs jobs,
            Islands islands,
            JobTemplate template,
            AgentChoice agents,
            Supplier<Optional<CommitHash>> toHoldOut,
            SearchSettings settings,
            InstantSource clock) {
        this.jobs = jobs;
        this.islands = islands;
        this.template = template;
        this.agents = agents;
        this.toHoldOut = toHoldOut;
        this.settings = settings;
        this.clock = clock;
        this.started = clock.instant();
    }

    /**
     * Draws at most {@code room} jobs.
     *
     * @param first the number of the next draw
     * @param open the jobs that are not final
     * @return how many were drawn, one for the hold-out included
     * @throws LoreleyException if the root cannot be evaluated or embedded: there is nothing to search from
     */
    int run(long first, int room, List<EvolutionJob> open, Budget budget) {
        if (!rootIsElite()) {
            return drawRoot();
        }
        Map<IslandKey, Set<Pairing<CommitHash>>> inFlight = inFlight(open);
        Set<CommitHash> measured = open.stream()
                .filter(job -> job.kind() == JobKind.REMEASURE)
                .flatMap(job -> Stream.ofNullable(job.base()))
                .collect(Collectors.toSet());
        int drawn = drawHoldout(open);
        for (long number = first; room > 0 && budget.drawsLeft(number) > 0 && !budget.timeIsUp(); number++) {
            IslandKey island = island(number);
            Set<Pairing<CommitHash>> busy = inFlight.computeIfAbsent(island, _ -> new HashSet<>());
            RandomGenerator random = generator(number);
            Optional<EvolutionJob> again = remeasure(number, island, measured);
            EvolutionJob job = again.isPresent() ? again.get() : draw(number, island, busy, random);
            if (again.isEmpty()) {
                agents.next(random).ifPresent(job::givenTo);
            }
            jobs.draw(job);
            pairing(job).ifPresent(pairing -> {
                busy.add(pairing);
                islands.island(island).curiosity().drawn(pairing.base());
            });
            drawn++;
            room--;
        }
        return drawn;
    }

    /** How many jobs were drawn over the experiment's life. */
    long drawn() {
        return jobs.nextDraw(experiment());
    }

    /** A commit that is to be measured again: one whose contest is undecided or, now and then, any elite. */
    private Optional<EvolutionJob> remeasure(long number, IslandKey island, Set<CommitHash> inFlight) {
        Contest contest = islands.contest();
        if (isSeed(number) || (contest.isStrict() && contest.recheck() == 0)) {
            return Optional.empty();
        }
        RandomGenerator random = new SplittableRandom(~generator(number).nextLong());
        Optional<CommitHash> commit = contest.next(
                islands.ring().stream().flatMap(key -> islands.island(key).rivals().stream()),
                rival -> !inFlight.contains(rival) && !islands.isBanned(rival));
        if (commit.isEmpty() && random.nextDouble() < contest.recheck()) {
            List<Elite<CommitHash>> elites = islands.island(island).drawable().elites();
            commit = Optional.of(elites.get(random.nextInt(elites.size())).solution())
                    .filter(elite -> !inFlight.contains(elite));
        }
        commit.ifPresent(inFlight::add);
        return commit.map(chosen -> template.remeasure(number, island.island(), chosen, random, clock.instant()));
    }

    private boolean isSeed(long number) {
        return number < (long) settings.seeds() * islands.ring().size();
    }

    /** Islands take turns. Numbered one island after the other, the seeds of each go different ways, however few ways there are. */
    private long direction(long number) {
        int turns = islands.ring().size();
        return number % turns * settings.seeds() + number / turns;
    }

    private EvolutionJob draw(
            long number, IslandKey island, Set<Pairing<CommitHash>> inFlight, RandomGenerator random) {
        if (isSeed(number)) {
            return template.seed(number, direction(number), island.island(), random, clock.instant());
        }
        Draw<CommitHash> draw = islands.island(island).draw(inFlight, random).orElseThrow();
        return template.evolve(number, island.island(), draw, random, clock.instant());
    }

    /** The one whose turn it is; one where all is banned is passed over. */
    private IslandKey island(long number) {
        return LongStream.range(number, number + islands.ring().size())
                .mapToObj(islands::turn)
                .filter(key -> isSeed(number) || islands.island(key).hasBase())
                .findFirst()
                .orElseThrow(
                        () -> new LoreleyException(
                                FailureKind.CONFIGURATION,
                                "every elite is banned, so there is nothing to draw from. Take a ban back with: loreley ban COMMIT --undo"));
    }

    /** Distinct for each draw, and the same after a restart. */
    private RandomGenerator generator(long number) {
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + number);
    }

    private boolean rootIsElite() {
        return islands.ring().stream()
                .noneMatch(key -> islands.island(key).archive().elites().isEmpty());
    }

    private int drawRoot() {
        Optional<EvolutionJob> last = jobs.latest(experiment(), JobKind.ROOT);
        if (last.isEmpty()
                || last.get().status() == JobStatus.CANCELLED
                || failedBeforeThisRun(last.get())
                || hadNoPlaceBeforeThisRun(last.get())) {
            jobs.draw(template.root(islands.ring().getFirst().island(), generator(-1), clock.instant()));
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
        if (IngestionStatus.SKIPPED.stored().equals(root.ingestion().status())) {
            throw SearchImpossibleException.withoutRoot(
                    FailureKind.EVALUATOR_OUTPUT, root.ingestion().message());
        }
        return 0;
    }

    /** One at a time, outside of the budget: it says whether what was paid for is one. */
    private int drawHoldout(List<EvolutionJob> open) {
        if (isHeldOut(open)) {
            return 0;
        }
        Optional<CommitHash> best = toHoldOut.get();
        if (best.isEmpty() || couldNotBeHeldOut(best.get())) {
            return 0;
        }
        jobs.draw(template.holdout(
                islands.ring().getFirst().island(),
                best.get(),
                new SplittableRandom(settings.seed()),
                clock.instant()));
        return 1;
    }

    static boolean isHeldOut(List<EvolutionJob> open) {
        return open.stream().anyMatch(job -> job.kind() == JobKind.HOLDOUT);
    }

    private boolean couldNotBeHeldOut(CommitHash best) {
        return jobs.latest(experiment(), JobKind.HOLDOUT)
                .filter(last -> best.equals(last.base()))
                .filter(last -> last.status() == JobStatus.FAILED || last.status() == JobStatus.CANCELLED)
                .filter(last -> !endedBeforeThisRun(last.completedAt()))
                .isPresent();
    }

    /** What failed in an earlier run is given another chance: the user may have mended what was wrong. */
    private boolean failedBeforeThisRun(EvolutionJob job) {
        return job.status() == JobStatus.FAILED && endedBeforeThisRun(job.completedAt());
    }

    private boolean hadNoPlaceBeforeThisRun(EvolutionJob root) {
        return IngestionStatus.SKIPPED.stored().equals(root.ingestion().status())
                && endedBeforeThisRun(root.ingestion().lastAttemptAt());
    }

    private boolean endedBeforeThisRun(@Nullable Instant ended) {
        return ended != null && ended.isBefore(started);
    }

    private Map<IslandKey, Set<Pairing<CommitHash>>> inFlight(List<EvolutionJob> open) {
        Map<IslandKey, Set<Pairing<CommitHash>>> pairings = new HashMap<>();
        for (EvolutionJob job : open) {
            pairing(job)
                    .ifPresent(pairing -> pairings.computeIfAbsent(islands.of(job), _ -> new HashSet<>())
                            .add(pairing));
        }
        return pairings;
    }

    /** Seeds share their base and have no inspirations; they are told apart by their seed. */
    private static Optional<Pairing<CommitHash>> pairing(EvolutionJob job) {
        CommitHash base = job.base();
        return base == null || job.kind() != JobKind.EVOLVE
                ? Optional.empty()
                : Optional.of(Pairing.of(base, job.inspirations()));
    }

    private ExperimentId experiment() {
        return islands.experiment();
    }
}
