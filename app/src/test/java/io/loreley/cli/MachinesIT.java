package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import io.loreley.store.TestDatabase;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Scheduler and workers with a home folder and a wall clock each, a database and a Git remote between them, in this process. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MachinesIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ExecutorService roles = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Machine> machines = new ArrayList<>();
    private SampleProject project;
    private Path remote;

    @BeforeEach
    void a_project_and_a_remote() throws Exception {
        project = new SampleProject(folder, postgres.url());
        project.program("agent.sh", """
                #!/bin/sh
                read -r value < value.txt
                seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                echo "$((value + 1 + seed % 40))" > value.txt
                echo '{"summary": "raise the value"}' > "$LORELEY_RESULT"
                """);
        project.commit("1", "main");
        remote = folder.resolve("remote.git");
        project.git("init", "--quiet", "--bare", remote.toString());
    }

    @AfterEach
    void end() {
        machines.forEach(machine -> machine.stop.request());
        roles.close();
    }

    @Test
    void workers_take_the_experiments_that_their_labels_and_their_version_allow() throws Exception {
        add("labels: [gpu]\n");
        Future<?> search = roles.submit(() -> new Machine("scheduler", "").schedule(3));
        awaitQueued(search);

        assertRefused(() -> new Machine("plain", "large").work("sample"), "lacks [gpu]");
        assertRefused(() -> new Machine("plain", "gpu").work("other"), "there is no experiment 'other'");
        project.execute("UPDATE sent_projects SET version = '0.0.0-old'");
        assertRefused(() -> new Machine("plain", "gpu").work("sample"), "version 0.0.0-old");
        assertRefused(() -> new Machine("folder", "gpu").workHere(), "version 0.0.0-old");
        project.execute("UPDATE sent_projects SET version = '%s'".formatted(Version.current()));
        assertThat(project.texts("SELECT name FROM workers")).isEmpty();
        Machine unlabelled = new Machine("unlabelled", "");
        roles.execute(() -> unlabelled.work(null));
        roles.execute(() -> new Machine("labelled", "gpu,large").work(null));
        search.get();

        assertThat(project.texts("SELECT count(*) FROM evolution_jobs WHERE status = 'SUCCEEDED'"))
                .containsExactly("4");
        assertThat(project.texts("SELECT DISTINCT labels::text FROM workers")).containsExactly("{gpu,large}");
    }

    /** One is hours ahead, the next behind, and none stays there. */
    @Test
    void machines_whose_clocks_jump_take_no_jobs_from_each_other() throws Exception {
        Future<?> search = roles.submit(() -> new Machine("scheduler", "").schedule(6));
        awaitQueued(search);
        roles.execute(() -> new Machine("first", "").work("sample"));
        roles.execute(() -> new Machine("second", "").work("sample"));
        search.get();

        assertThat(
                        project.texts(
                                "SELECT DISTINCT concat_ws(' ', status, attempt, lost_attempts, last_error) FROM evolution_jobs"))
                .containsExactly("SUCCEEDED 1 0");
        assertThat(project.texts("SELECT count(*) FROM evolution_jobs WHERE started_at > now() OR completed_at > now()"
                        + " OR completed_at < started_at"))
                .containsExactly("0");
        assertThat(project.git("ls-remote", remote.toString()))
                .as("what the remote holds")
                .contains(project.texts("SELECT '/commits/' || commit_hash FROM commit_cards"));
    }

    @Test
    void a_worker_with_another_evaluator_is_refused_and_changes_nothing() throws Exception {
        awaitQueued(roles.submit(() -> new Machine("scheduler", "").schedule(3)));
        List<String> before = project.texts("SELECT id || config_hash || config_snapshot::text FROM experiments");
        Files.writeString(
                project.folder.resolve("evaluate.sh"), "# another one\n", java.nio.file.StandardOpenOption.APPEND);

        assertRefused(() -> new Machine("other", "").workHere(), "evaluator.pinned.evaluate.sh");

        assertThat(project.texts("SELECT id || config_hash || config_snapshot::text FROM experiments"))
                .isEqualTo(before);
    }

    @Test
    void a_name_that_two_repositories_use_is_asked_for_by_its_id() throws Exception {
        project.execute(
                "INSERT INTO repositories (id, slug) VALUES (gen_random_uuid(), 'a'), (gen_random_uuid(), 'b')");
        project.execute("INSERT INTO experiments (id, repository_id, config_hash, name)"
                + " SELECT gen_random_uuid(), id, slug, 'twin' FROM repositories");

        assertRefused(
                () -> new Machine("worker", "").work("twin"),
                project.texts("SELECT id::text FROM experiments").getFirst());
    }

    @Test
    void a_remote_that_may_not_be_written_stops_the_start_and_leaves_no_trace() throws Exception {
        Path hook = Files.writeString(remote.resolve("hooks/pre-receive"), "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertRefused(() -> new Machine("scheduler", "").schedule(1), "may not write there");

        assertThat(project.texts("SELECT id::text FROM repositories UNION SELECT id::text FROM experiments"))
                .isEmpty();
    }

    private void assertRefused(Runnable start, String words) {
        assertThatThrownBy(start::run)
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining(words);
    }

    private void add(String setting) throws Exception {
        Path file = project.folder.resolve("loreley.yaml");
        Files.writeString(file, Files.readString(file) + setting);
    }

    /** A scheduler that ends before it has queued a job says why. */
    private void awaitQueued(Future<?> search) throws Exception {
        while (project.texts("SELECT id FROM evolution_jobs WHERE status = 'QUEUED'")
                .isEmpty()) {
            if (search.isDone()) {
                search.get();
                throw new AssertionError("the scheduler ended without a job");
            }
            Thread.sleep(20); // which the time limit can interrupt
        }
    }

    /** A wall clock that somebody keeps setting: each look at it finds it somewhere within a day of the true time. */
    private static InstantSource jumping(String name) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        long day = Duration.ofDays(1).toSeconds();
        return new InstantSource() {
            @Override
            public synchronized Instant instant() {
                return InstantSource.system().instant().plusSeconds(random.nextLong(-day, day));
            }
        };
    }

    private final class Machine {

        final GracefulStop stop = new GracefulStop(() -> {});
        private final LocalEngine engine;
        private final MachineSettings settings;

        Machine(String name, String labels) {
            engine = new LocalEngine(jumping(name), System.getenv());
            settings = new MachineSettings(folder.resolve("home-" + name), new Secret(project.databaseUrl()), 1, "info")
                    .with(Membership.of(labels, remote.toString(), Map.of("WORKER_HEARTBEAT_SECONDS", "0.5")));
            machines.add(this);
        }

        void schedule(int jobs) {
            engine.schedule(
                    loaded(Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs)))),
                    settings,
                    ExperimentChoice.ASK,
                    display(),
                    stop);
        }

        void workHere() {
            engine.work(loaded(Map.of()), settings, ExperimentChoice.ASK, display(), stop);
        }

        void work(@Nullable String experiment) {
            engine.work(experiment, settings, display(), stop);
        }

        private Project loaded(Map<String, Source> flags) {
            return Project.load(project.folder, flags, Map.of());
        }

        private QuietDisplay display() {
            return new QuietDisplay(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        }
    }
}
