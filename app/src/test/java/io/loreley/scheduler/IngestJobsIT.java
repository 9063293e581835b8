package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.ProjectSettings;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Measurement;
import io.loreley.domain.Sampling;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Archives;
import io.loreley.store.Database;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.Expenses;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Experiments;
import io.loreley.store.JobQueue;
import io.loreley.store.JobResult;
import io.loreley.store.Jobs;
import io.loreley.store.MigrationLog;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import io.loreley.store.StoredObservation;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class IngestJobsIT {

    private static final InstantSource CLOCK = InstantSource.system();

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private final ProjectSettings settings = TestSettings.project("{seeds: 1, cells-per-dimension: 4}");
    private final ExperimentId id = new ExperimentId(new UUID(1, 1));
    private Experiment experiment;
    private Hub hub;
    private CommitHash root;
    private Jobs jobs;
    private Archives archives;

    @BeforeEach
    void open() throws IOException {
        Database database = postgres.database();
        Experiments experiments = new Experiments(database);
        experiment = new Experiment(
                id, experiments.repository("ingests", null, null, Map.of()), "hash", "ingests", Map.of(), "active");
        experiments.create(experiment);
        jobs = new Jobs(database, new JobQueue(id, CLOCK), CLOCK);
        archives = new Archives(database, CLOCK, settings.search().historySize());
        hub = Hub.open(folder.resolve("hub"), processes);
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("Main.java"), "class Main {}\n");
        root = hub.fetch(new Source.FolderSource(project), "HEAD");
        succeeded(0, root, 0);
        WorkTree tree = hub.workTree(folder.resolve("slot"));
        for (int number = 1; number <= 4; number++) {
            tree.reset(root);
            Files.writeString(tree.root().resolve("Main.java"), "class Main { int f%d; }\n".formatted(number));
            var message = new CommitMessage("Ada", "ada@example.org", "Try", Instant.EPOCH);
            succeeded(number, hub.commit(tree.snapshot(), root, message), number);
        }
    }

    @AfterEach
    void close() {
        hub.close();
        processes.close();
    }

    @Test
    void what_another_version_embedded_is_embedded_again_and_laid_out_anew() {
        ingest().run();
        StoredIsland expected = load();
        assertThat(expected.history()).hasSize(5);
        sql("UPDATE map_elites_pca_history SET embedding_model = 'older', vector[1] = 7 WHERE objective > 2");

        IngestJobs newer = ingest();

        assertThat(newer.run()).isEqualTo(5);
        StoredIsland island = load();
        assertThat(island.layout()).isEqualTo(expected.layout());
        assertThat(island.elites())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("placedAt")
                .isEqualTo(expected.elites());
        assertThat(island.history())
                .extracting(StoredObservation::observation)
                .isEqualTo(expected.history().stream()
                        .map(StoredObservation::observation)
                        .toList());
        assertThat(newer.run()).isZero();
        assertThat(ingest().run()).isZero();
    }

    @Test
    void an_archive_that_was_embedded_alike_is_left_alone() {
        ingest().run();
        StoredIsland before = load();

        assertThat(ingest().run()).isZero();
        assertThat(load()).isEqualTo(before);
    }

    @Test
    void objectives_farther_apart_than_the_largest_number_are_ingested() {
        succeeded(5, same("worst"), -1.7e308);
        succeeded(6, same("best"), 1.7e308);
        succeeded(7, same("worst again"), -1.7e308);

        assertThat(ingest().run()).isEqualTo(8);

        assertThat(load().elites()).extracting(StoredElite::objective).contains(1.7e308);
        for (int number = 6; number <= 7; number++) {
            var ingestion =
                    jobs.find(new JobId(new UUID(3, number))).orElseThrow().ingestion();
            assertThat(ingestion.delta()).isEqualTo(number == 6 ? 1.7e308 : -Double.MAX_VALUE);
        }
    }

    @Test
    void the_copy_of_a_job_counts_neither_as_a_draw_of_its_base_nor_as_its_fruit() {
        IngestJobs ingest = ingest();
        ingest.run();
        succeeded(5, null, same("better"), 50);
        succeeded(6, null, same("better still"), 60);

        assertThat(ingest.run()).isEqualTo(2);

        assertThat(archives.fruitfulness(new IslandKey(id, IslandKey.DEFAULT_ISLAND)))
                .singleElement()
                .satisfies(base -> assertThat(base.drawn()).isEqualTo(4));
    }

    @Test
    void nothing_is_drawn_while_the_archive_is_offered_again() {
        for (int number = 5; number <= 2 * IngestJobs.BATCH; number++) {
            succeeded(number, same("commit " + number), number);
        }
        try (ExperimentLock lock =
                ExperimentLock.tryAcquire(postgres.database(), id).orElseThrow()) {
            SchedulerLoop loop = loop(lock);
            Budget budget = new Budget(
                    new BudgetSettings(null, null, null, null), new Expenses(postgres.database()), id, CLOCK);

            assertThat(loop.tick(budget)).isEqualTo(new SchedulerLoop.Tick(IngestJobs.BATCH, 0, 0, 0, false));
            assertThat(loop.tick(budget).drawn()).isEqualTo(4);
        }
    }

    private SchedulerLoop loop(ExperimentLock lock) {
        SearchSettings search = settings.search();
        Islands islands = islands();
        JobTemplate template = new JobTemplate(
                experiment, root, settings.goal(), List.of(), List.of(), new Directions(search.directions(), () -> ""));
        AgentChoice agents = new AgentChoice(
                new LinkedHashMap<>(Map.of("agent", 1.0)),
                settings.agentsStrategy(),
                new Expenses(postgres.database()),
                id);
        return new SchedulerLoop(
                lock,
                ingest(islands),
                new DrawJobs(jobs, islands, template, agents, Optional::empty, search, CLOCK),
                jobs,
                islands,
                new CircuitBreaker(jobs, id, CLOCK, event -> {}),
                new SchedulerLoop.Surroundings(() -> 4, () -> false, Map::of, () -> {}, () -> {}));
    }

    /** A commit of the root's files. */
    private CommitHash same(String subject) {
        return hub.commit(hub.treeOf(root), root, new CommitMessage("Ada", "ada@example.org", subject, Instant.EPOCH));
    }

    private StoredIsland load() {
        return archives.load(new IslandKey(id, IslandKey.DEFAULT_ISLAND));
    }

    /** That of a process that has just begun. */
    private IngestJobs ingest() {
        return ingest(islands());
    }

    private Islands islands() {
        return new Islands(id, settings.search(), archives, log(), Contest.strict(root));
    }

    private MigrationLog log() {
        return new MigrationLog(postgres.database(), CLOCK, settings.search().historySize());
    }

    private IngestJobs ingest(Islands islands) {
        Database database = postgres.database();
        SearchSettings search = settings.search();
        RepositoryEmbedder embedder = new RepositoryEmbedder(
                settings.embedding(),
                hub,
                new EmbeddingStore(database),
                new HashingEmbedder(settings.embedding().dimensions()),
                id,
                "",
                root);
        return new IngestJobs(
                archives,
                new ObserveCommits(id, new Experiments(database), embedder, settings.objective(), search),
                islands,
                new MigrateElites(log(), islands, search, CLOCK),
                event -> {},
                CLOCK);
    }

    /** The root is number 0. */
    private void succeeded(int number, CommitHash commit, double objective) {
        succeeded(number, number == 0 ? null : (long) number, commit, objective);
    }

    private void succeeded(int number, @Nullable Long draw, CommitHash commit, double objective) {
        EvolutionJob job = new EvolutionJob(
                new JobId(new UUID(3, number)),
                experiment,
                number == 0 ? JobKind.ROOT : JobKind.EVOLVE,
                root,
                IslandKey.DEFAULT_ISLAND,
                new JobSpec("faster", List.of(), List.of(), List.of(), List.of(), null),
                Sampling.none("rank"),
                draw,
                number,
                0,
                CLOCK.instant());
        jobs.draw(job);
        jobs.dispatch(id, 1);
        EvolutionJob claimed = jobs.claim(job.id(), "worker", "prepare").orElseThrow();
        CommitCard card = new CommitCard(
                new UUID(4, number),
                experiment,
                commit,
                number == 0 ? null : root,
                IslandKey.DEFAULT_ISLAND,
                job.id(),
                "Ada",
                new CardText("subject", "summary", null, List.of(), List.of(), List.of()));
        Measurement value = new Measurement("value", objective, null, Direction.MAXIMIZE, Map.of());
        jobs.succeed(job.id(), claimed.attempt(), new JobResult(card, List.of(value), JobArtifacts.Paths.NONE, null));
    }

    private void sql(String statement) {
        postgres.database().transaction(session -> {
            session.createNativeMutationQuery(statement).executeUpdate();
            return null;
        });
    }
}
