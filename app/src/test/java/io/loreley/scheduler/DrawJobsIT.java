package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.ProjectSettings;
import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.Archives;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.Expenses;
import io.loreley.store.Experiments;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.MigrationLog;
import io.loreley.store.Observation;
import io.loreley.store.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DrawJobsIT {

    private static final InstantSource CLOCK = InstantSource.system();

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final ExperimentId id = new ExperimentId(new UUID(1, 1));
    private Experiment experiment;
    private Jobs jobs;
    private Islands islands;
    private DrawJobs draw;
    private Budget budget;
    private Optional<CommitHash> toHoldOut = Optional.empty();
    private Contest contest = Contest.strict(commit(0));

    @BeforeEach
    void a_search() {
        Database database = postgres.database();
        Experiments experiments = new Experiments(database);
        experiment = new Experiment(
                id, experiments.repository("draws", null, null, Map.of()), "hash", "draws", Map.of(), "active");
        experiments.create(experiment);
        drawWith(TestSettings.project("{seeds: 1, islands: 2, inspirations: 1, cells-per-dimension: 4}"));
    }

    private void drawWith(ProjectSettings settings) {
        Database database = postgres.database();
        SearchSettings search = settings.search();
        jobs = new Jobs(database, new JobQueue(id, CLOCK), CLOCK);
        islands = new Islands(
                id,
                search,
                new Archives(database, CLOCK, search.historySize()),
                new MigrationLog(database, CLOCK, search.historySize()),
                contest);
        draw = new DrawJobs(
                jobs,
                islands,
                new JobTemplate(
                        experiment,
                        commit(0),
                        settings.goal(),
                        List.of(),
                        List.of(),
                        new Directions(search.directions(), () -> "")),
                new AgentChoice(
                        new LinkedHashMap<>(Map.of("agent", 1.0)),
                        settings.agentsStrategy(),
                        new Expenses(database),
                        id),
                () -> toHoldOut,
                search,
                CLOCK);
        budget = new Budget(new BudgetSettings(9L, null, null, null), new Expenses(database), id, CLOCK);
    }

    @Test
    void a_root_that_was_cancelled_is_drawn_again() {
        assertThat(run()).isEqualTo(1);
        assertThat(run()).as("one is enough").isZero();
        EvolutionJob root = jobs.latest(id, JobKind.ROOT).orElseThrow();
        new Controls(postgres.database()).cancel(root.id().toString(), "ann");

        assertThat(run()).isEqualTo(1);

        assertThat(jobs.latest(id, JobKind.ROOT).orElseThrow().status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void an_island_where_all_is_banned_is_passed_over() {
        offer("main", 1);
        offer("island-2", 2);
        islands.heed(Map.of(commit(1), CommitMark.BANNED));

        assertThat(run()).isEqualTo(4);

        assertThat(jobs.open(id))
                .filteredOn(job -> job.kind() == JobKind.EVOLVE)
                .hasSize(2)
                .allSatisfy(job -> {
                    assertThat(job.island()).isEqualTo("island-2");
                    assertThat(job.base()).isEqualTo(commit(2));
                });
        islands.heed(Map.of(commit(1), CommitMark.BANNED, commit(2), CommitMark.BANNED));
        assertThatThrownBy(this::run)
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("every elite is banned");
    }

    @Test
    void a_root_without_a_place_ends_the_run_and_is_measured_again_by_the_next() {
        run();
        EvolutionJob root = jobs.latest(id, JobKind.ROOT).orElseThrow();
        jobs.dispatch(id, 1);
        jobs.claim(root.id(), "worker", "prepare");
        sql(
                "UPDATE evolution_jobs SET status = 'SUCCEEDED', completed_at = now(), result_commit_hash = base_commit_hash,"
                        + " ingestion_status = 'skipped',"
                        + " ingestion_message = 'no seconds', ingestion_last_attempt_at = '%s'"
                                .formatted(CLOCK.instant()));
        assertThatThrownBy(this::run)
                .isInstanceOf(SearchImpossibleException.class)
                .hasMessageContaining("no seconds");

        drawWith(TestSettings.project("{seeds: 1, islands: 2, inspirations: 1, cells-per-dimension: 4}"));

        assertThat(run()).isEqualTo(1);
        assertThat(jobs.latest(id, JobKind.ROOT).orElseThrow().id()).isNotEqualTo(root.id());
    }

    @Test
    void a_holdout_that_was_cancelled_is_not_drawn_again_in_the_same_run() {
        toHoldOut = Optional.of(commit(1));
        offer("main", 1);
        offer("island-2", 2);
        run();
        EvolutionJob holdout = jobs.latest(id, JobKind.HOLDOUT).orElseThrow();
        new Controls(postgres.database()).cancel(holdout.id().toString(), "ann");

        run();

        assertThat(jobs.latest(id, JobKind.HOLDOUT).orElseThrow().id()).isEqualTo(holdout.id());
    }

    @Test
    void what_is_banned_is_not_measured_again() {
        contest = new Contest(NoiseRule.STRICT, 1, commit(0), commit -> new NoiseRule.Estimate(0, 1, 0));
        drawWith(TestSettings.project("{seeds: 1, islands: 1, inspirations: 1, cells-per-dimension: 4}"));
        offer("main", 1);
        islands.heed(Map.of(commit(1), CommitMark.BANNED));
        islands.island(islands.key("main"))
                .offer(new Observation(commit(2), Traits.of(Vector.of(-1, 1, 0, 1)), 0, "model"), Instant.EPOCH);

        run();

        assertThat(jobs.open(id))
                .filteredOn(job -> job.kind() == JobKind.REMEASURE)
                .extracting(EvolutionJob::base)
                .containsOnly(commit(2));
    }

    @Test
    void the_seeds_of_each_island_go_different_ways() {
        drawWith(TestSettings.project(
                "{seeds: 2, islands: 2, inspirations: 1, cells-per-dimension: 4, directions: [up, down]}"));
        offer("main", 1);
        offer("island-2", 2);

        run();

        assertThat(jobs.open(id))
                .extracting(job -> "%s %s".formatted(job.island(), hint(job)))
                .containsExactlyInAnyOrder("main up", "main down", "island-2 up", "island-2 down");
    }

    private static String hint(EvolutionJob job) {
        String hint = Objects.requireNonNull(job.spec().iterationHint());
        return hint.substring(hint.lastIndexOf(' ') + 1);
    }

    private int run() {
        return draw.run(draw.drawn(), 4, jobs.open(id), budget);
    }

    private void sql(String statement) {
        postgres.database().transaction(session -> {
            session.createNativeMutationQuery(statement).executeUpdate();
            return null;
        });
    }

    private void offer(String island, int number) {
        islands.island(islands.key(island))
                .offer(
                        new Observation(commit(number), Traits.of(Vector.of(1, 0, 0, 0)), number, "model"),
                        Instant.EPOCH);
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }
}
