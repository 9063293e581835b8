package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentRequest;
import io.loreley.agent.Meter;
import io.loreley.cli.ProjectSettings;
import io.loreley.cli.settings.SettingsBinder;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Sampling;
import io.loreley.domain.StageName;
import io.loreley.domain.Usage;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Checkout;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.EvaluationJson;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.lineage.Memory;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.Experiments;
import io.loreley.store.JobQueue;
import io.loreley.store.JobQueue.Handled;
import io.loreley.store.Jobs;
import io.loreley.store.Lineages;
import io.loreley.store.Stages;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a worker makes of a job, on a real database and a real repository. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class WorkerIT {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final String NAME = "worker-1";

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private final ExperimentId id = new ExperimentId(new UUID(1, 1));
    private Experiment experiment;
    private Hub hub;
    private CommitHash root;
    private CommitHash other;
    private Jobs jobs;
    private Stages stages;
    private Slots slots;

    @BeforeEach
    void a_search() throws IOException {
        hub = Hub.open(folder.resolve("hub"), processes);
        root = commit("0");
        other = commit("1");
        Experiments experiments = new Experiments(postgres.database());
        experiment = new Experiment(
                id, experiments.repository("worker", null, null, Map.of()), "hash", "worker", Map.of(), "active");
        experiments.create(experiment);
        jobs = new Jobs(postgres.database(), new JobQueue(id, CLOCK), CLOCK);
        stages = new Stages(postgres.database(), CLOCK);
        slots = Slots.in(folder.resolve("slots"), hub, 1, List.of());
        queued(0);
        worker(WorkerIT::valueOf).handle(job(0));
    }

    private CommitHash commit(String value) throws IOException {
        Path files = Files.createDirectories(folder.resolve("files-" + value));
        Files.writeString(files.resolve("value.txt"), value + "\n");
        return hub.fetch(new Source.FolderSource(files), "HEAD");
    }

    @AfterEach
    void nothing_stays_open() {
        slots.close();
        hub.close();
        processes.close();
    }

    @Test
    void what_was_measured_of_a_commit_that_is_lost_is_not_taken_for_another() throws IOException {
        EvolutionJob before = running(1);
        leave(before, new CommitHash("a".repeat(40)), 99);
        jobs.lost(before.id(), NAME);

        assertThat(worker(WorkerIT::valueOf).handle(before.id())).isEqualTo(Handled.ENDED);

        EvolutionJob ended = jobs.find(before.id()).orElseThrow();
        assertThat(ended.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(new Experiments(postgres.database())
                        .card(id, Objects.requireNonNull(ended.result()))
                        .metrics())
                .extracting(Metric::measurement)
                .extracting(Measurement::value)
                .containsExactly(7.0);
    }

    @Test
    void what_was_measured_of_the_same_commit_is_not_measured_again() throws IOException {
        EvolutionJob before = running(1);
        leave(before, other, 99);
        jobs.lost(before.id(), NAME);

        worker((candidate, checkout, scratch) -> {
                    throw new IllegalStateException("measured again");
                })
                .handle(before.id());

        assertThat(jobs.find(before.id()).orElseThrow().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void the_files_of_each_stage_are_those_of_the_attempt_that_finished_it() throws IOException {
        EvolutionJob before = running(1);
        String first = "%s/%s/attempt-1".formatted(id, before.id());
        Path prompt = folder.resolve("artifacts").resolve(first).resolve("code/prompt.txt");
        Files.createDirectories(prompt.getParent());
        Files.writeString(prompt, "Raise the number.");
        stages.begin(before, StageName.CODE, NAME, "agent", first);
        stages.succeed(
                before.id(), 1, StageName.CODE, new AgentReport("Raised the number", null, Map.of()).json(), other);
        jobs.lost(before.id(), NAME);

        worker((candidate, checkout, scratch) -> {
                    write(scratch.resolve("evaluation.json"));
                    return valueOf(candidate, checkout, scratch);
                })
                .handle(before.id());

        assertThat(postgres.database()
                        .<Object>read(session -> session.createNativeQuery("""
                                SELECT coding_prompt_path || ' ' || evaluation_json_path FROM job_artifacts WHERE job_id = :job""", String.class)
                                .setParameter("job", before.id().value())
                                .getSingleResult()))
                .isEqualTo("%s/code/prompt.txt %s/%s/attempt-2/evaluation.json".formatted(first, id, before.id()));
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "{}");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_result_that_the_database_refuses_fails_the_job_and_not_three_workers() throws IOException {
        for (int number : new int[] {1, 2}) {
            EvolutionJob before = running(number);
            leave(before, other, 1); // both reached the same commit, which can have one card
            jobs.lost(before.id(), NAME);
        }
        Worker worker = worker(WorkerIT::valueOf);

        assertThat(worker.handle(job(1))).isEqualTo(Handled.ENDED);
        assertThat(worker.handle(job(2))).isEqualTo(Handled.ENDED);

        EvolutionJob second = jobs.find(job(2)).orElseThrow();
        assertThat(second.status()).isEqualTo(JobStatus.FAILED);
        assertThat(second.failureKind()).isEqualTo(FailureKind.DATABASE);
        assertThat(second.lastError()).contains("commit_cards");
        assertThat(second.lostAttempts()).isEqualTo(1);
    }

    @Test
    void an_agent_whose_provider_cuts_it_off_at_work_is_paid_three_times_and_no_more() throws IOException {
        queued(1);
        Worker worker = worker(WorkerIT::valueOf, new CutOff(0.5));
        List<Handled> handled =
                Stream.generate(() -> worker.handle(job(1))).limit(3).toList();

        assertThat(handled.subList(0, 2)).hasOnlyElementsOfType(Handled.Returned.class);
        assertThat(handled.getLast()).isEqualTo(Handled.ENDED);
        assertThat(jobs.find(job(1)).orElseThrow().failureKind()).isEqualTo(FailureKind.AGENT_UNAVAILABLE);
    }

    @Test
    void a_job_that_needs_more_memory_than_there_is_ends_and_is_not_paid_again() throws IOException {
        queued(1);
        queued(2);
        Worker worker = worker((candidate, checkout, scratch) -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThat(worker.handle(job(1))).isEqualTo(Handled.ENDED);

        EvolutionJob ended = jobs.find(job(1)).orElseThrow();
        assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
        assertThat(ended.failureKind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(ended.lastError()).contains("too little memory").contains("Java heap space");
        assertThat(worker(WorkerIT::valueOf).handle(job(2)))
                .as("the slot is free again")
                .isEqualTo(Handled.ENDED);
    }

    @Test
    void an_agent_whose_provider_is_away_is_asked_more_often() throws IOException {
        queued(1);
        Worker worker = worker(WorkerIT::valueOf, new CutOff(0));

        for (int i = 0; i < 4; i++) {
            assertThat(worker.handle(job(1))).isInstanceOf(Handled.Returned.class);
        }
    }

    @Test
    void a_job_is_given_back_also_by_a_thread_that_was_told_to_stop() throws Exception {
        queued(1);
        Worker worker = worker((candidate, checkout, scratch) -> {
            Thread.currentThread().interrupt(); // as who waits for a remote is told
            throw new LoreleyException(FailureKind.INTERRUPTED, "told to stop");
        });
        var handled = new CompletableFuture<Handled>();
        var stillTold = new CompletableFuture<Boolean>();

        Thread.startVirtualThread(() -> {
            handled.complete(worker.handle(job(1)));
            stillTold.complete(Thread.currentThread().isInterrupted());
        });

        assertThat(handled.get(30, TimeUnit.SECONDS)).isEqualTo(Handled.RETURNED);
        assertThat(stillTold.get(30, TimeUnit.SECONDS))
                .as("whoever returns the queue's entry needs its connection")
                .isFalse();
        assertThat(jobs.find(job(1)).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
    }

    /** A worker coded and measured a commit, and died before it recorded the job. */
    private void leave(EvolutionJob job, CommitHash candidate, double value) {
        stages.begin(job, StageName.CODE, NAME, "agent", null);
        stages.succeed(
                job.id(), 1, StageName.CODE, new AgentReport("Raised the number", null, Map.of()).json(), candidate);
        stages.begin(job, StageName.EVALUATE, NAME, null, null);
        stages.succeed(job.id(), 1, StageName.EVALUATE, EvaluationJson.of(measured(value)), candidate);
    }

    private EvolutionJob running(int number) {
        queued(number);
        return jobs.claim(job(number), NAME, "prepare").orElseThrow();
    }

    private void queued(int number) {
        jobs.draw(new EvolutionJob(
                job(number),
                experiment,
                number == 0 ? JobKind.ROOT : JobKind.EVOLVE,
                root,
                IslandKey.DEFAULT_ISLAND,
                new JobSpec("more", List.of(), List.of(), List.of(), List.of(), null),
                Sampling.none("rank"),
                number == 0 ? null : (long) number,
                number,
                0,
                CLOCK.instant()));
        jobs.dispatch(id, 10);
    }

    private static JobId job(int number) {
        return new JobId(new UUID(3, number));
    }

    private Worker worker(Evaluator evaluator) throws IOException {
        return worker(evaluator, new WritesSeven());
    }

    private Worker worker(Evaluator evaluator, Agent coder) throws IOException {
        Database database = postgres.database();
        ProjectSettings settings = settings();
        ExperimentBrief brief =
                new ExperimentBrief(experiment, "more", List.of(), List.of(), settings.objective(), "", 0);
        Path artifacts = folder.resolve("artifacts");
        JobPipeline pipeline = new JobPipeline(
                brief,
                new CandidateRefs(hub, null, id),
                new Agents(List.of(new Agents.Arm("agent", null, coder, Duration.ofMinutes(1), Duration.ofMinutes(1)))),
                new Examiners(evaluator, null),
                new Requests(
                        brief,
                        new Experiments(database),
                        new Controls(database),
                        new Memory(settings.memory(), settings.objective(), new Lineages(database), null, CLOCK)),
                new Recorder(brief, hub, artifacts, settings.commit(), CLOCK),
                new CommitGuard(settings.commit(), hub, new SecretPatterns(List.of(), Map.of())));
        return new Worker(NAME, jobs, stages, pipeline, slots, artifacts.resolve(id.toString()), event -> {});
    }

    private ProjectSettings settings() throws IOException {
        Path file = Files.writeString(folder.resolve("loreley.yaml"), """
                name: worker
                goal: A larger number.
                agent: {command: [none]}
                evaluator: {command: [none]}
                objective: {metric: value}
                """);
        return new SettingsBinder(Map.of(), Map.of()).bind(ProjectSettings.class, file);
    }

    private static Evaluation valueOf(Candidate candidate, Checkout checkout, Path scratch) {
        try {
            return measured(Double.parseDouble(
                    Files.readString(checkout.of(candidate.commit()).resolve("value.txt"))
                            .strip()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Evaluation measured(double value) {
        return new Evaluation(
                "measured", List.of(new Measurement("value", value, null, Direction.MAXIMIZE, Map.of())), List.of());
    }

    /** Spends something, and is cut off. */
    private record CutOff(double costUsd) implements Agent {

        @Override
        public AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) {
            meter.spent(new Usage("m", 0, 0, 0, costUsd));
            throw new LoreleyException(FailureKind.AGENT_UNAVAILABLE, "the stream was cut off");
        }

        @Override
        public String name() {
            return "cut-off";
        }
    }

    private static final class WritesSeven implements Agent {

        @Override
        public AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) {
            try {
                Files.writeString(workTree.resolve("value.txt"), "7\n");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return new AgentReport("Wrote seven", null, Map.of());
        }

        @Override
        public String name() {
            return "seven";
        }
    }
}
