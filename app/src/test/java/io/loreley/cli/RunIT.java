package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.settings.Source;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.Secret;
import io.loreley.store.Controls;
import io.loreley.store.Experiments;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs in this process: a real database, real git, shell programs as agent and evaluator. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class RunIT {

    private static final String AGENT = """
            #!/bin/sh
            seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
            echo "$seed" > value.txt
            echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
            """;
    private static final String EVALUATOR = """
            #!/bin/sh
            read -r value < value.txt
            echo "{\\"summary\\": \\"read it\\", \\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
            """;

    /** Longer than any agent may take, and exactly so long sleeps nobody else on this machine. */
    private final String forever = "sleep 600." + ProcessHandle.current().pid() + System.nanoTime();

    @RegisterExtension
    private final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path folder;

    private Path project;
    private String agentTimeout = "20s";
    private final Watcher watcher = new Watcher();

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        program("agent.sh", AGENT);
        program("evaluate.sh", EVALUATOR);
        settings("repository: ../repository");
    }

    @Test
    void a_git_repository_gets_the_best_commit_as_a_branch_and_nothing_else() throws Exception {
        Path repository = gitRepository("value.txt");

        EndReport report = run(4);

        assertThat(report.branch()).isEqualTo("loreley/best/sample");
        assertThat(Path.of(report.repository())).isEqualTo(repository.toRealPath());
        assertThat(git(repository, "for-each-ref", "--format=%(refname)"))
                .containsExactly("refs/heads/loreley/best/sample", "refs/heads/main");
        assertThat(git(repository, "status", "--porcelain")).isEmpty();
        String best = git(repository, "show", "loreley/best/sample:value.txt").getFirst();
        assertThat(Double.parseDouble(best)).isEqualTo(watcher.best());
        assertThat(git(repository, "log", "--format=%an", "-1", "loreley/best/sample"))
                .containsExactly("Loreley Worker");
    }

    @Test
    void a_subfolder_is_where_the_agent_works_and_the_rest_stays() throws Exception {
        settings("repository: ../repository/part");
        Path repository = gitRepository("part/value.txt", "other.txt");

        run(3);

        assertThat(git(repository, "diff", "--name-only", "main", "loreley/best/sample"))
                .containsExactly("part/value.txt");
    }

    @Test
    void a_plain_folder_is_imported_and_left_alone() throws Exception {
        Files.createDirectories(folder.resolve("repository"));
        Files.writeString(folder.resolve("repository/value.txt"), "1\n");

        EndReport report = run(3);

        assertThat(folder.resolve("repository")).isDirectoryNotContaining("glob:**/.git");
        assertThat(Files.readString(folder.resolve("repository/value.txt"))).isEqualTo("1\n");
        assertThat(git(Path.of(report.repository()), "rev-parse", "--verify", "loreley/best/sample"))
                .hasSize(1);
    }

    @Test
    void a_second_run_continues_the_experiment() throws Exception {
        gitRepository("value.txt");
        run(3);

        EndReport second = run(5);

        assertThat(second.status().jobs().succeeded()).isEqualTo(6);
        assertThat(watcher.events(RunEvent.Started.class))
                .extracting(RunEvent.Started::resumed)
                .containsExactly(false, true);
        assertThat(watcher.events(RunEvent.RootEvaluated.class)).hasSize(1);
    }

    @Test
    void a_root_that_cannot_be_evaluated_ends_the_run_with_what_the_evaluator_said() throws Exception {
        gitRepository("value.txt");
        program("evaluate.sh", "#!/bin/sh\necho 'no licence' >&2\nexit 3\n");

        assertThatThrownBy(() -> run(3)).isInstanceOfSatisfying(LoreleyException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
            assertThat(failure).hasMessageContaining("no licence").hasMessageContaining("exit code 3");
        });
    }

    @Test
    void bad_programs_fail_their_own_jobs_and_the_run_goes_on() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", """
                #!/bin/sh
                seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                echo '{"summary": "as asked"}' > "$LORELEY_RESULT"
                case $((seed %% 6)) in
                  0) ;;
                  1) echo '{"summary": ' > "$LORELEY_RESULT" ;;
                  2) echo x >> value.txt; exit 7 ;;
                  3) echo nonsense > value.txt ;;
                  4) (setsid %1$s &); %1$s ;;
                  5) echo "$seed" > value.txt ;;
                esac
                """.formatted(forever));
        agentTimeout = "2s";
        settings("repository: ../repository\nsearch: {seed: 3}");

        EndReport report = run(24);

        assertThat(report.status().jobs().finished()).isEqualTo(25);
        assertThat(report.status().failures())
                .containsKeys(
                        FailureKind.NO_CHANGE,
                        FailureKind.AGENT_OUTPUT,
                        FailureKind.AGENT_CRASH,
                        FailureKind.EVALUATOR_OUTPUT,
                        FailureKind.AGENT_TIMEOUT);
        assertThat(report.status().jobs().succeeded()).isGreaterThan(1);
        assertThat(watcher.events(RunEvent.JobFailed.class))
                .allSatisfy(failed -> assertThat(failed.message()).isNotBlank());
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.endsWith(forever));
    }

    @Test
    void curiosity_draws_on_what_earlier_runs_found() throws Exception {
        gitRepository("value.txt");
        settings("repository: ../repository\nsearch: {strategy: curiosity, seeds: 2}");
        run(8);

        EndReport second = run(14);

        assertThat(second.status().jobs().succeeded()).isEqualTo(15);
        assertThat(jobs("SELECT count(*) FROM evolution_jobs WHERE sampling_strategy = 'curiosity'"))
                .isEqualTo(12);
        assertThat(jobs("SELECT count(*) FROM evolution_jobs WHERE kind = 'SEED'"))
                .isEqualTo(2);
    }

    @Test
    void an_agent_that_cannot_start_does_not_burn_the_budget() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", "#!/nonexistent/shell\n");

        assertThatThrownBy(() -> run(1000))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("The last 10 jobs failed for the same cause")
                .hasMessageContaining("agent.sh");
        assertThat(watcher.events(RunEvent.JobFailed.class)).hasSizeLessThan(20);
    }

    @Test
    void a_stop_gives_back_what_is_at_work_uncharged() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", "#!/bin/sh\nsleep 100\n");
        agentTimeout = "90s";
        settings("repository: ../repository");
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.onStage("code", stop::request);

        EndReport report = run(5, stop);

        assertThat(report.reason()).contains("asked to stop");
        assertThat(report.status().jobs().failed()).isZero();
        assertThat(report.status().jobs().running()).isZero();
        assertThat(watcher.events(RunEvent.JobReturned.class)).isNotEmpty();
    }

    @Test
    void a_job_that_was_stopped_in_its_evaluation_pays_no_agent_again() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", AGENT.replace("#!/bin/sh\n", "#!/bin/sh\necho run >> \"$(dirname \"$0\")/runs\"\n"));
        program(
                "evaluate.sh",
                EVALUATOR.replace("#!/bin/sh\n", "#!/bin/sh\n[ ! -e \"$(dirname \"$0\")/hang\" ] || sleep 100\n"));
        settings("repository: ../repository");
        run(1);
        Path hang = Files.createFile(project.resolve("hang"));
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.onStage("evaluate", stop::request);
        run(2, stop);
        Files.delete(hang);

        EndReport last = run(2);

        assertThat(last.status().jobs().succeeded()).isEqualTo(3);
        assertThat(Files.readAllLines(project.resolve("runs"))).hasSize(2);
        assertThat(jobs("SELECT count(*) FROM job_stages WHERE stage = 'CODE' AND attempt = 1"))
                .isEqualTo(2);
        assertThat(jobs("SELECT count(*) FROM job_stages WHERE stage = 'EVALUATE' AND outcome = 'INTERRUPTED'"))
                .isEqualTo(1);
        assertThat(jobs("SELECT count(*) FROM evolution_jobs WHERE attempt = 2"))
                .isEqualTo(1);
    }

    @Test
    void a_cancelled_job_ends_its_programs_and_the_run_goes_on() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", """
                #!/bin/sh
                dir=$(dirname "$0")
                job=$(sed -n 's/.*"job" *: *"\\([^"]*\\)".*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                mkdir "$dir/first" 2>/dev/null && { echo "$job" > "$dir/part"; mv "$dir/part" "$dir/hanging"; %s; }
                """.formatted(forever) + AGENT.lines().skip(1).collect(Collectors.joining("\n")));
        agentTimeout = "100s";
        settings("repository: ../repository");
        Controls controls = new Controls(postgres.database());
        Thread person = Thread.ofVirtual().start(() -> cancelWhenHanging(controls));

        EndReport report = run(4);
        person.join();

        assertThat(report.status().jobs().succeeded()).isEqualTo(4);
        assertThat(jobs("SELECT count(*) FROM evolution_jobs WHERE status = 'CANCELLED'"))
                .isEqualTo(1);
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.endsWith(forever));
    }

    private void cancelWhenHanging(Controls controls) {
        Path hanging = project.resolve("hanging");
        while (!Files.exists(hanging)) {
            LockSupport.parkNanos(10_000_000);
        }
        try {
            controls.cancel(Files.readString(hanging).strip(), "a test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_paused_search_draws_nothing_until_it_goes_on() throws Exception {
        gitRepository("value.txt");
        run(1);
        Controls controls = new Controls(postgres.database());
        ExperimentId experiment = new ExperimentId(UUID.fromString(
                watcher.events(RunEvent.Started.class).getFirst().experiment()));
        controls.pause(experiment, "a test");
        GracefulStop stop = new GracefulStop(() -> {});
        Thread person = Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            stop.request();
        });

        run(3, stop);
        person.join();
        assertThat(jobs("SELECT count(*) FROM evolution_jobs")).isEqualTo(2);
        assertThat(watcher.events(RunEvent.Paused.class)).hasSize(1);

        controls.resume(experiment, "a test");
        assertThat(run(3).status().jobs().succeeded()).isEqualTo(4);
    }

    @Test
    void a_candidate_that_breaks_a_constraint_is_recorded_and_never_the_best() throws Exception {
        gitRepository("value.txt");
        settings("repository: ../repository\nsearch: {seed: 5}");
        replace("direction: maximize", "direction: maximize, require: [\"value < 1000000000\"]");

        EndReport report = run(12);

        assertThat(watcher.events(RunEvent.JobRejected.class)).isNotEmpty();
        assertThat(jobs("""
                SELECT count(*) FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id
                JOIN evolution_jobs j ON j.id = c.job_id
                WHERE c.verdict = 'CONSTRAINT_VIOLATED' AND m.value >= 1000000000 AND j.ingestion_status = 'skipped'"""))
                .isEqualTo(watcher.events(RunEvent.JobRejected.class).size());
        assertThat(Objects.requireNonNull(report.status().best()).value()).isBetween(1.0, 999_999_999.0);
        assertThat(report.status().jobs().failed()).isZero();
    }

    @Test
    void a_root_that_breaks_a_constraint_ends_the_run() throws Exception {
        gitRepository("value.txt");
        replace("direction: maximize", "direction: maximize, require: [\"value > 1\"]");

        assertThatThrownBy(() -> run(3))
                .hasFieldOrPropertyWithValue("kind", FailureKind.ROOT_INVALID)
                .hasMessageContaining("value is 1.0, required is value > 1");
    }

    @Test
    void the_same_files_are_not_measured_twice() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", "#!/bin/sh\necho 7 > value.txt\necho '{\"summary\": \"seven\"}' > \"$LORELEY_RESULT\"\n");
        program("evaluate.sh", EVALUATOR.replace("#!/bin/sh\n", "#!/bin/sh\necho run >> \"$LORELEY_PROJECT/runs\"\n"));
        settings("repository: ../repository\nsearch: {seeds: 8}");

        run(8);

        assertThat(jobs("SELECT count(*) FROM evaluations")).isEqualTo(2);
        // Two workers may measure the first of them at once.
        assertThat(Files.readAllLines(project.resolve("runs"))).hasSizeBetween(2, 3);
        assertThat(jobs("SELECT count(*) FROM commit_cards")).isGreaterThan(2);
    }

    @Test
    void a_candidate_that_touches_a_protected_path_is_not_measured() throws Exception {
        gitRepository("value.txt");
        replace("timeout: 10s}", "timeout: 10s, ground: {protected: [\"*.txt\"]}}");

        EndReport report = run(2);

        assertThat(report.status().failures()).containsEntry(FailureKind.PROTECTED_PATH, 2L);
        assertThat(watcher.events(RunEvent.JobFailed.class).getFirst().message())
                .contains("value.txt");
    }

    @Test
    void an_evaluator_that_changed_is_another_experiment_and_the_old_one_can_go_on() throws Exception {
        gitRepository("value.txt");
        run(1);
        program("evaluate.sh", EVALUATOR + "# changed\n");

        assertThatThrownBy(() -> run(2)).hasMessageContaining("evaluator.pinned.evaluate.sh");
    }

    @Test
    void under_noise_commits_are_measured_again_and_their_values_become_surer() throws Exception {
        gitRepository("value.txt");
        program("agent.sh", AGENT.replace("echo \"$seed\" > value.txt", "echo \"$((seed % 1000)).$seed\" > value.txt"));
        program("evaluate.sh", """
                #!/bin/sh
                seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                awk -v seed="$seed" '{ srand(seed); printf "{\\"metrics\\": {\\"value\\": %.6f}}", $1 + 2000 * rand() }' value.txt
                """);
        settings("repository: ../repository\nsearch: {seeds: 2, dimensions: 1, cells-per-dimension: 2}");
        replace("timeout: 10s}", "timeout: 10s, noise: {confidence: 0.9, recheck: 0.3}}");

        EndReport report = run(30);

        assertThat(report.status().jobs().failed()).isZero();
        assertThat(jobs("SELECT count(*) FROM evolution_jobs WHERE kind = 'REMEASURE' AND status = 'SUCCEEDED'"))
                .isPositive();
        assertThat(jobs("SELECT max(samples) FROM metrics")).isGreaterThan(5);
        assertThat(jobs("SELECT min(m.samples) FROM metrics m JOIN commit_cards c ON c.id = m.commit_card_id "
                        + "WHERE c.parent_commit_hash IS NULL"))
                .as("samples of the root")
                .isGreaterThanOrEqualTo(5);
        assertThat(jobs("""
                SELECT count(*) FROM map_elites_archive_cells a JOIN commit_cards c USING (experiment_id, commit_hash)
                JOIN metrics m ON m.commit_card_id = c.id WHERE abs(m.value - a.objective) > 1e-6""")).as("elites whose value is not what was measured").isZero();
    }

    @Test
    void settings_that_differ_stop_the_start_and_say_how() throws Exception {
        gitRepository("value.txt");
        run(1);
        settings("repository: ../repository\nsearch: {seeds: 9}");

        assertThatThrownBy(() -> run(2))
                .hasMessageContaining("search.seeds: 4 → 9")
                .hasMessageContaining("--continue")
                .hasMessageContaining("--new-experiment");
    }

    @Test
    void an_experiment_goes_to_a_project_of_another_name_only_when_somebody_says_so() throws Exception {
        Path repository = gitRepository("value.txt");
        run(2);
        replace("name: sample", "name: renamed");

        assertThatThrownBy(() -> run(3))
                .hasMessageContaining("Experiment 'sample' of project 'sample' has these settings already")
                .hasMessageContaining("loreley experiments rename ");
        assertThat(jobs("SELECT count(*) FROM experiments WHERE name = 'sample' AND project = 'sample'"))
                .isEqualTo(1);

        Experiments experiments = new Experiments(postgres.database());
        ExperimentId id = new ExperimentId(UUID.fromString(
                watcher.events(RunEvent.Started.class).getFirst().experiment()));
        experiments.rename(experiments.find(id).orElseThrow(), "renamed");
        EndReport second = run(3);

        assertThat(second.status().jobs().succeeded()).isEqualTo(4);
        assertThat(second.branch()).isEqualTo("loreley/best/renamed");
        assertThat(git(repository, "rev-parse", "--verify", "loreley/best/renamed"))
                .hasSize(1);
        replace("name: renamed", "name: sample");
        assertThatThrownBy(() -> run(3)).hasMessageContaining("project 'renamed'");
    }

    @Test
    void a_branch_that_cannot_be_written_costs_nothing_but_the_branch() throws Exception {
        Path repository = gitRepository("value.txt");
        run(1);
        git(repository, "checkout", "-q", "loreley/best/sample");
        settings("repository: ../repository\nroot: main");

        EndReport second = run(4);

        assertThat(second.status().jobs().succeeded()).isEqualTo(5);
        assertThat(second.branch()).isNull();
        assertThat(second.problem()).contains("checked out");
    }

    private long jobs(String query) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private EndReport run(int jobs) {
        return run(jobs, new GracefulStop(() -> {}));
    }

    private EndReport run(int jobs, GracefulStop stop) {
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs)));
        String url = postgres.url()
                .jdbc()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@"
                                .formatted(postgres.url().user(), postgres.url().password()));
        MachineSettings machine = new MachineSettings(folder.resolve("home"), new Secret(url), 2, "info");
        return new LocalEngine(InstantSource.system(), System.getenv())
                .run(Project.load(project, flags, Map.of()), machine, ExperimentChoice.ASK, null, watcher, stop);
    }

    private void settings(String more) throws IOException {
        Files.writeString(project.resolve("loreley.yaml"), """
                name: sample
                goal: A larger value.
                agent: {command: ["${project}/agent.sh"], timeout: %s}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 10s}
                objective: {metric: value, direction: maximize}
                """.formatted(agentTimeout) + more + "\n");
    }

    private void replace(String before, String after) throws IOException {
        Path file = project.resolve("loreley.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(project.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Path gitRepository(String... files) throws Exception {
        Path repository = Files.createDirectories(folder.resolve("repository"));
        for (String file : files) {
            Path path = repository.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "1\n");
        }
        git(repository, "init", "-q", "-b", "main");
        git(repository, "add", ".");
        git(repository, "-c", "user.name=Somebody", "-c", "user.email=s@example.org", "commit", "-q", "-m", "Begin");
        return repository;
    }

    private static List<String> git(Path repository, String... arguments) throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    /** Remembers what it was told. */
    private static final class Watcher implements Display {

        private final List<RunEvent> events = new CopyOnWriteArrayList<>();
        private volatile String stage = "";
        private volatile Runnable action = () -> {};

        void onStage(String name, Runnable what) {
            stage = name;
            action = what;
        }

        <T extends RunEvent> List<T> events(Class<T> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        double best() {
            return events(RunEvent.JobSucceeded.class).stream()
                    .mapToDouble(RunEvent.JobSucceeded::objective)
                    .max()
                    .orElseThrow();
        }

        @Override
        public void on(RunEvent event) {
            events.add(event);
            if (event instanceof RunEvent.StageEntered entered
                    && entered.stage().equals(stage)) {
                action.run();
            }
        }

        @Override
        public void finish(EndReport report) {}

        @Override
        public void close() {}
    }
}
