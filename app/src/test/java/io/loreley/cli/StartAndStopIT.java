package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.settings.Source;
import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.RunEvent;
import io.loreley.domain.Secret;
import io.loreley.store.Controls;
import io.loreley.store.ExperimentLock;
import io.loreley.store.SentProjects;
import io.loreley.store.TakenOverException;
import io.loreley.store.TestDatabase;
import io.loreley.web.WebSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What begins and ends with a process, and what must go on without it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class StartAndStopIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path folder;

    private final LocalEngine engine = new LocalEngine(InstantSource.system(), System.getenv());
    private final Watcher watcher = new Watcher();
    private SampleProject sample;
    private Path remote;

    @BeforeEach
    void project() throws Exception {
        sample = new SampleProject(folder, postgres.url());
        sample.commit("1", "main");
        remote = folder.resolve("remote.git");
        sample.git("init", "-q", "--bare", remote.toString());
    }

    @Test
    void a_run_with_a_holdout_publishes_what_it_passes() throws Exception {
        replace("timeout: 10s}\nobjective", """
                timeout: 10s, holdout: {command: ["${project}/evaluate.sh"], require: [value >= 0]}}
                objective""");

        EndReport report = run(2);

        assertThat(report.problem()).isNull();
        assertThat(report.branch()).isEqualTo("loreley/best/sample");
        assertThat(sample.texts("SELECT DISTINCT holdout FROM commit_cards WHERE holdout IS NOT NULL"))
                .containsExactly("PASSED");
    }

    @Test
    void a_run_that_is_overtaken_ends_its_programs_and_gives_the_job_back() throws Exception {
        Files.writeString(sample.folder.resolve("agent.sh"), "#!/bin/sh\nexec sleep 4722\n");
        replace("timeout: 10s}\nevaluator", "timeout: 100s}\nevaluator");
        watcher.when = event -> {
            if (event instanceof RunEvent.StageEntered entered
                    && entered.stage().equals("code")) {
                overtake();
            }
        };
        long begun = System.nanoTime();

        assertThatThrownBy(() -> run(1)).isInstanceOf(TakenOverException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(watcher.events(RunEvent.JobReturned.class)).hasSize(1);
        assertThat(sample.texts("SELECT status || ' ' || lost_attempts FROM evolution_jobs WHERE kind = 'SEED'"))
                .containsExactly("QUEUED 0");
    }

    @Test
    void a_project_is_sent_by_whoever_schedules_and_by_nobody_else() throws Exception {
        run(1);
        String sent = sample.texts("SELECT files_commit FROM sent_projects").getFirst();
        Files.writeString(sample.folder.resolve("notes.txt"), "of somebody else");

        try (ExperimentLock _ = ExperimentLock.tryAcquire(postgres.database(), experiment(), "another")
                .orElseThrow()) {
            assertThatThrownBy(() -> run(2)).hasMessageContaining("is being run by another process");
            assertThat(sample.texts("SELECT files_commit FROM sent_projects")).containsExactly(sent);
            assertThat(inRemote("refs/loreley/%s/project".formatted(experiment())))
                    .isEqualTo(sent);
        }
        run(2);

        assertThat(sample.texts("SELECT files_commit FROM sent_projects"))
                .doesNotContain(sent)
                .containsExactly(inRemote("refs/loreley/%s/project".formatted(experiment())));
    }

    @Test
    void a_scheduler_whose_time_is_up_waits_for_no_worker_that_is_gone() throws Exception {
        leaveJobsWaiting(ExperimentChoice.ASK);
        sample.execute("""
                UPDATE evolution_jobs SET status = 'RUNNING', worker = 'gone', started_at = now(), attempt = attempt + 1
                WHERE status = 'QUEUED'""");
        watcher.when = _ -> {};
        Project project = Project.load(
                sample.folder,
                Map.of("budget.jobs", new Source("--jobs", "9"), "budget.time", new Source("--for", "1s")),
                Map.of());

        engine.schedule(project, machine(), ExperimentChoice.ASK, watcher, new GracefulStop(() -> {}));

        assertThat(watcher.events(RunEvent.Trouble.class).getLast().message()).contains("no worker is left");
        assertThat(sample.texts("SELECT DISTINCT status FROM evolution_jobs WHERE completed_at IS NULL"))
                .contains("RUNNING");
    }

    @Test
    void a_run_whose_workers_are_drained_finishes_what_is_at_work_and_ends() throws Exception {
        Controls controls = new Controls(postgres.database());
        watcher.when = event -> {
            if (event instanceof RunEvent.StageEntered entered
                    && entered.stage().equals("code")) {
                controls.drain(only("SELECT name FROM workers"), "ann");
            }
        };

        EndReport report = run(50);

        assertThat(report.reason()).isEqualTo("asked to stop");
        assertThat(watcher.events(RunEvent.JobSucceeded.class)).hasSizeBetween(2, 49);
        assertThat(watcher.events(RunEvent.JobReturned.class)).isEmpty();
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs WHERE status = 'RUNNING'"))
                .containsExactly("0");
        assertThat(only("SELECT (stopped_at IS NOT NULL)::text FROM workers")).isEqualTo("true");
    }

    @Test
    void what_is_noted_by_an_overtaken_holder_is_refused() throws Exception {
        run(1);
        try (ExperimentLock lock = ExperimentLock.tryAcquire(postgres.database(), experiment(), "one")
                .orElseThrow()) {
            SentProjects sent = new SentProjects(lock.fenced());
            SentProjects.Sent project = sent.find(experiment()).orElseThrow();
            overtake();

            assertThatThrownBy(() -> sent.note(experiment(), project)).isInstanceOf(TakenOverException.class);
        }
    }

    @Test
    void who_stands_by_ends_when_asked_and_not_with_advice() throws Exception {
        run(1);
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.when = event -> {
            if (event instanceof RunEvent.StandingBy) {
                stop.request();
            }
        };

        try (ExperimentLock _ = ExperimentLock.tryAcquire(postgres.database(), experiment(), "another")
                .orElseThrow()) {
            assertThatThrownBy(() -> engine.schedule(load(2), machine(), ExperimentChoice.ASK, watcher, stop))
                    .hasFieldOrPropertyWithValue("kind", FailureKind.INTERRUPTED);
        }
    }

    @Test
    void an_experiment_that_cannot_be_attached_keeps_no_worker_from_the_others() throws Exception {
        leaveJobsWaiting(ExperimentChoice.ASK);
        sample.settings("A much larger value.", "maximize");
        leaveJobsWaiting(ExperimentChoice.NEW);
        SentProjects sent = new SentProjects(postgres.database());
        ExperimentId bad = sent.waiting(List.of(), Version.current(), Set.of()).orElseThrow();
        sent.note(
                bad,
                new SentProjects.Sent(new CommitHash("1".repeat(40)), "loreley.yaml", List.of(), Version.current()));
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.when = event -> {
            if (event instanceof RunEvent.JobSucceeded) {
                stop.request();
            }
        };

        Path projects = sample.home.resolve("projects").resolve(good(bad).toString());
        Path unused = Files.createDirectories(projects.resolve("2".repeat(40)));
        Path used = Files.createDirectories(projects.resolve("3".repeat(40)));

        try (FileChannel use =
                        FileChannel.open(used.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = use.lock()) {
            engine.work(null, machine(), watcher, stop);
        }

        assertThat(unused).doesNotExist();
        assertThat(used).exists();
        assertThat(watcher.events(RunEvent.Trouble.class))
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.message())
                        .contains(bad.toString(), "left alone for 5 minutes", "does not hold the project"));
    }

    @Test
    void a_dashboard_that_was_asked_for_on_a_port_is_had_or_the_run_does_not_begin() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> engine.run(
                            load(1),
                            machine(),
                            ExperimentChoice.ASK,
                            WebSettings.loopback(taken.getLocalPort()),
                            watcher,
                            new GracefulStop(() -> {})))
                    .hasFieldOrPropertyWithValue("kind", FailureKind.CONFIGURATION)
                    .hasMessageContaining("cannot listen");
        }
        assertThat(sample.texts("SELECT id FROM evolution_jobs")).isEmpty();
    }

    @Test
    void a_dashboard_without_a_port_of_its_own_takes_a_free_one() throws Exception {
        try (ServerSocket _ = onceFree(WebSettings.DEFAULT_PORT)) {
            engine.run(
                    load(1),
                    machine(),
                    ExperimentChoice.ASK,
                    WebSettings.loopback(WebSettings.DEFAULT_OR_FREE),
                    watcher,
                    new GracefulStop(() -> {}));
        }

        assertThat(watcher.events(RunEvent.Serving.class))
                .singleElement()
                .satisfies(serving -> assertThat(serving.address())
                        .matches("http://127\\.0\\.0\\.1:[1-9][0-9]+/")
                        .doesNotContain(":" + WebSettings.DEFAULT_PORT));
    }

    /** Other tests have runs with a dashboard, for some seconds each. Null if somebody has the port for longer. */
    private static @Nullable ServerSocket onceFree(int port) throws IOException, InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                Thread.sleep(20);
            }
        }
        return null;
    }

    private EndReport run(int jobs) {
        return engine.run(load(jobs), machine(), ExperimentChoice.ASK, null, watcher, new GracefulStop(() -> {}));
    }

    private void leaveJobsWaiting(ExperimentChoice choice) {
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.when = event -> {
            if (event instanceof RunEvent.StageEntered entered
                    && entered.stage().equals("code")) {
                stop.request();
            }
        };
        engine.run(load(9), machine(), choice, null, watcher, stop);
    }

    private Project load(int jobs) {
        return Project.load(
                sample.folder, Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs))), Map.of());
    }

    private MachineSettings machine() {
        return new MachineSettings(sample.home, new Secret(sample.databaseUrl()), 1, "info")
                .with(new Membership(
                        List.of(), Duration.ofSeconds(2), Duration.ZERO, new Secret(remote.toString()), null));
    }

    private ExperimentId good(ExperimentId bad) throws SQLException {
        return ExperimentId.parse(sample.texts("SELECT id FROM experiments WHERE id <> '%s'".formatted(bad))
                .getFirst());
    }

    private ExperimentId experiment() throws SQLException {
        return ExperimentId.parse(sample.texts("SELECT id FROM experiments").getFirst());
    }

    private String only(String query) {
        try {
            return sample.texts(query).getFirst();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void overtake() {
        try {
            sample.execute("UPDATE scheduler_leases SET epoch = epoch + 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String inRemote(String ref) throws Exception {
        return sample.git("-C", remote.toString(), "rev-parse", ref);
    }

    private void replace(String before, String after) throws IOException {
        Path file = sample.folder.resolve("loreley.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    /** Remembers what it was told, and does something about it. */
    private static final class Watcher implements Display {

        private final List<RunEvent> events = new CopyOnWriteArrayList<>();
        private volatile Consumer<RunEvent> when = _ -> {};

        <T extends RunEvent> List<T> events(Class<T> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void on(RunEvent event) {
            events.add(event);
            when.accept(event);
        }

        @Override
        public void finish(EndReport report) {}

        @Override
        public void close() {}
    }
}
