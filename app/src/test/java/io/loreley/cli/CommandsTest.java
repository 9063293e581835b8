package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.Overview;
import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.display.Samples;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.scheduler.BudgetSettings;
import io.loreley.web.WebSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    private static final String PROJECT = """
            name: packing
            goal: Pack circles.
            agent: {command: ["${java}", "-cp", "${project}/agent.jar"]}
            evaluator: {command: [no-such-evaluator]}
            objective: {metric: sum_radii}
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Recorder engine = new Recorder();

    @BeforeEach
    void project() throws IOException {
        Files.writeString(folder.resolve("loreley.yaml"), PROJECT);
        environment.put("LORELEY_HOME", folder.resolve("home").toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
    }

    @Test
    void without_a_command_the_help_is_shown() {
        assertThat(loreley()).isZero();
        assertThat(text(out)).contains("run", "status", "doctor", "Exit codes:").doesNotContain("train", "reference");
    }

    @Test
    void run_hands_the_project_the_machine_and_the_choice_to_the_engine() {
        int code = loreley(
                "run",
                folder.toString(),
                "--jobs",
                "7",
                "--for",
                "90s",
                "--workers",
                "3",
                "--new-experiment",
                "--quiet");

        assertThat(code).isZero();
        assertThat(engine.project)
                .isNotNull()
                .extracting(each -> each.settings().budget())
                .isEqualTo(new BudgetSettings(7L, Duration.ofSeconds(90), null, null));
        assertThat(engine.machine)
                .isNotNull()
                .extracting(MachineSettings::workers)
                .isEqualTo(3);
        assertThat(engine.choice).isEqualTo(ExperimentChoice.NEW);
        assertThat(text(out)).startsWith("circle-packing  stopped: ");
    }

    @Test
    void a_run_serves_its_dashboard_to_this_machine_unless_told_not_to() {
        loreley("run", folder.toString(), "--quiet", "--port", "7001");
        assertThat(engine.web).isEqualTo(WebSettings.loopback(7001));

        loreley("run", folder.toString(), "--quiet", "--no-web");
        assertThat(engine.web).isNull();
    }

    @Test
    void server_listens_where_it_is_told_and_says_where_that_is() {
        assertThat(loreley(
                        "server", "--host", "0.0.0.0", "--port", "0", "--read-only", "--host-name", "loreley.example"))
                .isZero();

        assertThat(engine.web).isEqualTo(new WebSettings("0.0.0.0", 0, true, Set.of("loreley.example")));
        assertThat(text(out)).contains("http://127.0.0.1:1/");
    }

    @Test
    void run_writes_a_log_file_of_its_own() throws IOException {
        loreley("run", folder.toString(), "--json");

        try (Stream<Path> logs = Files.list(folder.resolve("home/logs"))) {
            assertThat(logs).singleElement().asString().matches(".*loreley-run-\\d{8}-\\d{6}-\\d+\\.log");
        }
        assertThat(text(out).lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).startsWith("{\"event\":\"stopping\""));
    }

    @Test
    void a_run_that_nobody_listens_to_any_more_is_asked_to_stop() {
        GracefulStop stop = new GracefulStop(() -> {});
        AtomicBoolean gone = new AtomicBoolean();
        Display silence = new QuietDisplay(new PrintStream(out, true, StandardCharsets.UTF_8));
        Display audience = new Audience(silence, gone::get, stop);

        audience.on(new RunEvent.Resumed());
        assertThat(stop.isRequested()).isFalse();
        gone.set(true);
        audience.on(new RunEvent.Resumed());
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void a_stop_that_was_requested_is_told_by_the_exit_code() {
        engine.interrupts = true;

        assertThat(loreley("run", folder.toString(), "--quiet")).isEqualTo(130);
    }

    @Test
    void an_order_about_the_whole_search_takes_the_project_as_run_does() {
        for (String[] order : new String[][] {
            {"pause", folder.toString()},
            {"audit", "--limit", "5", folder.toString()},
            {"resume", "--project", folder.toString()},
            {"cancel", "1234", "--project", folder.toString()}
        }) {
            engine.project = null;
            loreley(order);
            assertThat(engine.project).as("%s", List.of(order)).isNotNull();
        }
        assertThat(loreley("workers", folder.toString(), "--project", "elsewhere"))
                .isEqualTo(2);
        assertThat(text(err)).contains("mutually exclusive");
    }

    @Test
    void workers_are_listed_and_drained_without_a_project() {
        for (String[] order : new String[][] {{"workers"}, {"drain", "host:12"}}) {
            assertThat(loreley(order)).isEqualTo(2);
            assertThat(text(err)).isEqualTo("loreley: asked of the whole database\n");
        }
        loreley("drain", "host:12", "--project", folder.toString());
        assertThat(engine.project).isNotNull();
    }

    @Test
    void a_port_is_one_that_there_can_be() {
        for (String[] line : new String[][] {
            {"server", "--port", "99999"}, {"server", "--port", "-1"}, {"run", "--port", "70000", folder.toString()}
        }) {
            assertThat(loreley(line)).isEqualTo(2);
            assertThat(text(err))
                    .contains("--port: ")
                    .endsWith(" is no port; name one from 1 to 65535, or 0 for any that is free\n");
        }
        assertThat(engine.web).isNull();
    }

    @Test
    void limits_on_what_is_kept_that_cannot_be_read_stop_the_start() {
        environment.put("ARTIFACT_RETENTION", "soon");

        assertThat(loreley("run", folder.toString(), "--quiet")).isEqualTo(2);
        assertThat(text(err)).contains("ARTIFACT_RETENTION: expected a duration");
        assertThat(engine.project).isNull();
    }

    @Test
    void a_wrong_flag_is_told_with_its_name_and_refused() {
        assertThat(loreley("run", folder.toString(), "--jobs", "many")).isEqualTo(2);
        assertThat(text(err)).isEqualTo("loreley: --jobs: budget.jobs: expected a whole number, found 'many'\n");
        assertThat(loreley("run", folder.toString(), "--quiet", "--json")).isEqualTo(2);
        assertThat(loreley("run", folder.toString(), "--wrokers", "2")).isEqualTo(2);
        assertThat(text(err)).contains("did you mean --workers?");
        assertThat(loreley("rnu")).isEqualTo(2);
        assertThat(text(err)).contains("did you mean run?");
        assertThat(engine.project).isNull();
    }

    @Test
    void an_expected_failure_is_one_paragraph_and_a_trace_only_if_asked_for() {
        engine.failure = () -> new LoreleyException(FailureKind.DATABASE, "the database is gone");

        assertThat(loreley("status", folder.toString())).isEqualTo(1);
        assertThat(text(err)).isEqualTo("loreley: the database is gone\n");
        assertThat(loreley("status", folder.toString(), "--verbose")).isEqualTo(1);
        assertThat(text(err)).contains("at io.loreley.cli");
    }

    @Test
    void what_cannot_be_written_is_told_with_the_reason() {
        assertThat(Reason.of(new NoSuchFileException("/nope/x.html"))).isEqualTo("there is no such file or folder");
        assertThat(Reason.of(new AccessDeniedException("x"))).isEqualTo("permission denied");
        assertThat(Reason.of(new FileSystemException("x", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(Reason.of(new IOException("broken"))).isEqualTo("broken");
    }

    @Test
    void a_bug_says_that_it_is_one() {
        engine.failure = () -> new IllegalStateException("impossible");

        assertThat(loreley("status", folder.toString())).isEqualTo(1);
        assertThat(text(err))
                .startsWith("loreley: this is a bug of Loreley: java.lang.IllegalStateException: impossible")
                .endsWith("--verbose shows the trace here.\n");
    }

    @Test
    void status_is_for_people_or_for_programs() {
        assertThat(loreley("status", folder.toString())).isZero();
        assertThat(text(out))
                .startsWith("circle-packing  Pack them.\n  state    paused: `loreley resume` goes on\n")
                .contains("coverage 36 %");

        out.reset();
        assertThat(loreley("status", folder.toString(), "--json")).isZero();
        assertThat(text(out))
                .startsWith("{\"name\":\"circle-packing\"")
                .contains("\"coverage\":0.359375", "\"state\":\"paused\"");
    }

    @Test
    void the_doctor_names_a_fix_for_what_is_wrong() {
        assertThat(loreley("doctor", folder.toString())).isEqualTo(1);

        assertThat(text(out))
                .contains("✓ java")
                .contains("✓ git        git version")
                .contains("✓ home       " + folder.resolve("home"))
                .contains("✓ database   a database of the test")
                .contains("✓ project")
                .contains("✓ repository " + folder)
                .contains("! agent      " + folder.resolve("agent.jar")
                        + " does not exist\n             fix: build the project")
                .contains(
                        "✗ evaluator  'no-such-evaluator' is not on the PATH\n             fix: install it, or correct evaluator.command");
    }

    @Test
    void the_doctor_finds_that_the_root_is_missing_before_a_run_does() throws IOException {
        Files.createDirectories(folder.resolve(".git/objects"));
        Files.createDirectories(folder.resolve(".git/refs"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/main\n");

        assertThat(loreley("doctor", folder.toString())).isEqualTo(1);
        assertThat(text(out))
                .contains("✗ repository")
                .contains("has no commit 'HEAD'\n             fix: commit something there, or correct the key 'root'");

        environment.put("PATH", folder.toString());
        loreley("doctor", folder.toString());
        assertThat(text(out)).contains("nothing can be said of it without git").doesNotContain("the key 'repository'");
    }

    @Test
    void the_doctor_tells_programs_whether_all_is_well() {
        engine.failure = () -> new LoreleyException(FailureKind.DATABASE, "no server answers");

        assertThat(loreley("doctor", "--json")).isEqualTo(1);
        assertThat(text(out))
                .startsWith("{\"healthy\":false,\"checks\":[{\"name\":\"java\",\"result\":\"ok\"")
                .contains("no server answers");
    }

    private int loreley(String... arguments) {
        err.reset();
        Surroundings surroundings = new Surroundings(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                InstantSource.system(),
                Optional::empty);
        return Main.execute(surroundings, engine, arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** An engine that remembers what it was asked. */
    private static final class Recorder implements Engine {

        private @Nullable Project project;
        private @Nullable MachineSettings machine;
        private @Nullable ExperimentChoice choice;
        private @Nullable Supplier<RuntimeException> failure;
        private @Nullable WebSettings web;
        private boolean interrupts;

        @Override
        public EndReport run(
                Project asked,
                MachineSettings on,
                ExperimentChoice chosen,
                @Nullable WebSettings dashboard,
                Display display,
                GracefulStop stop) {
            fail();
            web = dashboard;
            project = asked;
            machine = on;
            choice = chosen;
            display.on(new RunEvent.Stopping("the test is over"));
            if (interrupts) {
                stop.request();
            }
            return Samples.report();
        }

        @Override
        public void serve(MachineSettings on, WebSettings dashboard, Consumer<String> ready, GracefulStop stop) {
            fail();
            web = dashboard;
            ready.accept("http://127.0.0.1:1/");
        }

        @Override
        public EndReport schedule(
                Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop) {
            return run(project, machine, choice, null, display, stop);
        }

        @Override
        public void work(
                Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop) {
            throw new UnsupportedOperationException("no test works");
        }

        @Override
        public void work(@Nullable String experiment, MachineSettings machine, Display display, GracefulStop stop) {
            throw new UnsupportedOperationException("no test works");
        }

        @Override
        public <T> T control(Project asked, MachineSettings machine, Controlled<T> order) {
            project = asked;
            throw new LoreleyException(FailureKind.CONFIGURATION, "nothing was started yet");
        }

        @Override
        public <T> T controlAll(MachineSettings machine, ControlledAll<T> order) {
            throw new LoreleyException(FailureKind.CONFIGURATION, "asked of the whole database");
        }

        @Override
        public Standing status(Project asked, MachineSettings on) {
            fail();
            return new Standing(Samples.status(), "Pack them.", Overview.State.PAUSED);
        }

        @Override
        public String database(MachineSettings on) {
            fail();
            return "a database of the test";
        }

        @Override
        public void warmUp() {}

        private void fail() {
            if (failure != null) {
                throw failure.get();
            }
        }
    }
}
