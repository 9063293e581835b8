package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Repository;
import io.loreley.domain.Sampling;
import io.loreley.domain.StageName;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Controls;
import io.loreley.store.Experiments;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.Stages;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class JanitorIT {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration KEEP_FOR = Duration.ofDays(30);

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private final ExperimentId id = new ExperimentId(new UUID(1, 1));
    private Experiment experiment;
    private Hub hub;
    private CommitHash root;
    private Jobs jobs;
    private Stages stages;
    private CandidateRefs refs;
    private Janitor janitor;

    @BeforeEach
    void a_search() throws IOException {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("a.txt"), "a");
        hub = Hub.open(folder.resolve("hub"), processes);
        root = hub.fetch(new Source.FolderSource(files), "HEAD");
        Experiments experiments = new Experiments(postgres.database());
        Repository repository = experiments.repository("janitor", null, null, Map.of());
        experiment = new Experiment(id, repository, "hash", "janitor", Map.of(), "active");
        experiments.create(experiment);
        jobs = new Jobs(postgres.database(), new JobQueue(id, CLOCK), CLOCK);
        stages = new Stages(postgres.database(), CLOCK);
        refs = new CandidateRefs(hub, null, id);
        janitor = janitor(() -> {}, CLOCK);
    }

    private Janitor janitor(Runnable oldFiles, InstantSource clock) {
        return new Janitor(id, hub, null, stages, folder.resolve("work"), KEEP_FOR, oldFiles, clock);
    }

    private Janitor janitorIn(Duration time) {
        return janitor(() -> {}, () -> CLOCK.instant().plus(time));
    }

    @AfterEach
    void nothing_stays_open() {
        hub.close();
        processes.close();
    }

    @Test
    void what_ended_jobs_left_in_quarantine_goes_and_what_is_needed_stays() {
        JobId failed = running(1).id();
        JobId open = running(2).id();
        refs.quarantine(failed, root);
        refs.quarantine(open, root);
        refs.publish(root);
        jobs.fail(failed, 1, FailureKind.EVALUATOR_CRASH, "broken");

        assertThat(janitor.sweep().refs()).isEqualTo(1);

        assertThat(hub.refs("refs/loreley/" + id))
                .containsExactly(
                        "refs/loreley/%s/commits/%s".formatted(id, root),
                        "refs/loreley/%s/quarantine/%s".formatted(id, open));
        assertThat(janitor.sweep().refs()).isZero();
    }

    @Test
    void old_files_are_looked_for_once_a_day_and_again_after_a_failure() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        AtomicInteger looks = new AtomicInteger();
        Runnable oldFiles = () -> {
            if (looks.incrementAndGet() == 1) {
                throw new UncheckedIOException(new IOException("the disk is away"));
            }
        };
        var daily = janitor(oldFiles, now::get);
        List<Integer> counts = new ArrayList<>();
        for (int hour : new int[] {0, 1, 23, 24, 47, 48}) {
            now.set(Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(hour)));
            daily.round();
            counts.add(looks.get());
        }
        assertThat(counts).containsExactly(1, 1, 1, 2, 2, 3);
    }

    @Test
    void a_candidate_stays_that_a_job_which_was_queued_again_goes_on_from() {
        EvolutionJob claimed = running(1);
        JobId cancelled = claimed.id();
        stages.begin(claimed, StageName.CODE, "worker", "agent", null);
        stages.succeed(cancelled, 1, StageName.CODE, Map.of("summary", "done"), root);
        refs.quarantine(cancelled, root);
        Controls controls = new Controls(postgres.database());
        controls.cancel(cancelled.toString(), "ada");
        JobId again = controls.requeue(cancelled.toString(), "ada").job();

        assertThat(janitor.sweep().refs()).isZero();
        jobs.dispatch(id, 10);
        assertThat(jobs.claim(again, "worker", "prepare").orElseThrow().attempt())
                .isEqualTo(2);
        assertThat(stages.finished(again)).containsOnlyKeys(StageName.CODE);

        controls.cancel(again.toString(), "ada");
        assertThat(janitorIn(KEEP_FOR.minusHours(1)).sweep().refs()).isZero();
        assertThat(janitorIn(KEEP_FOR.plusHours(1)).sweep().refs()).isEqualTo(1);
    }

    @Test
    void a_candidate_that_could_not_be_measured_stays_for_as_long_as_files_do() {
        EvolutionJob claimed = running(1);
        stages.begin(claimed, StageName.CODE, "worker", "agent", null);
        stages.succeed(claimed.id(), 1, StageName.CODE, Map.of("summary", "done"), root);
        refs.quarantine(claimed.id(), root);
        jobs.fail(claimed.id(), 1, FailureKind.EVALUATOR_CRASH, "broken");

        assertThat(janitorIn(KEEP_FOR.minusHours(1)).sweep().refs()).isZero();
        assertThat(janitorIn(KEEP_FOR.plusHours(1)).sweep().refs()).isEqualTo(1);
    }

    @Test
    void a_candidate_goes_once_what_went_on_from_it_has_succeeded() {
        EvolutionJob claimed = running(1);
        stages.begin(claimed, StageName.CODE, "worker", "agent", null);
        stages.succeed(claimed.id(), 1, StageName.CODE, Map.of("summary", "done"), root);
        refs.quarantine(claimed.id(), root);
        jobs.fail(claimed.id(), 1, FailureKind.EVALUATOR_CRASH, "broken");
        JobId again = new Controls(postgres.database())
                .requeue(claimed.id().toString(), "ada")
                .job();
        jobs.dispatch(id, 10);
        assertThat(jobs.claim(again, "worker", "prepare")).isPresent();
        postgres.database()
                .transaction(session -> session.createNativeMutationQuery("""
                        UPDATE evolution_jobs SET status = 'SUCCEEDED', completed_at = now(), stage = NULL,
                            result_commit_hash = base_commit_hash WHERE id = :job""")
                        .setParameter("job", again.value())
                        .executeUpdate());

        assertThat(janitor.sweep().refs()).isEqualTo(1);
    }

    @Test
    void work_trees_that_nobody_used_for_a_week_go_unless_somebody_has_them() throws IOException {
        Path place = folder.resolve("work").resolve(id.toString());
        Slots.in(place, hub, 2, List.of()).close();
        Path old = place.resolve("slot-0/taken");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));

        try (Slots _ = Slots.in(place, hub, 1, List.of())) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
            assertThat(janitor.sweep().workTrees()).isZero();
        }
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        assertThat(janitor.sweep().workTrees()).isEqualTo(1);
        assertThat(place.resolve("slot-1")).isDirectory();
        assertThat(place.resolve("slot-0")).doesNotExist();
    }

    @Test
    void two_processes_share_no_place() {
        Path place = folder.resolve("work").resolve(id.toString());
        try (Slots _ = Slots.in(place, hub, 2, List.of());
                Slots _ = Slots.in(place, hub, 1, List.of())) {
            assertThat(place.resolve("slot-2")).isDirectory();
        }
        try (Slots _ = Slots.in(place, hub, 1, List.of())) {
            assertThat(place.resolve("slot-3")).doesNotExist();
        }
    }

    private EvolutionJob running(int number) {
        EvolutionJob job = new EvolutionJob(
                new JobId(new UUID(3, number)),
                experiment,
                JobKind.EVOLVE,
                root,
                IslandKey.DEFAULT_ISLAND,
                new JobSpec("faster", List.of(), List.of(), List.of(), List.of(), null),
                Sampling.none("rank"),
                (long) number,
                number,
                0,
                CLOCK.instant());
        jobs.draw(job);
        jobs.dispatch(id, 10);
        return jobs.claim(job.id(), "worker", "prepare").orElseThrow();
    }
}
