package io.loreley.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("its time limits are short")
class ProcessRunnerTest {

    private static final Duration AMPLE = Duration.ofSeconds(30);

    /** Sleeps so long that only a kill ends it; the odd number tells it from other sleeps in a process list. */
    private static final String FOREVER = "sleep 4717";

    @TempDir
    Path folder;

    private final String job = UUID.randomUUID().toString();
    private final ProcessRunner runner = new ProcessRunner();

    @AfterEach
    void nothing_is_left() {
        runner.close();
        assertThat(ProcessRunner.sweep(job)).as("processes left by the test").isZero();
    }

    @Test
    void an_exit_code_is_a_value() throws Exception {
        assertThat(run("exit 0").ending()).isEqualTo(new Ending.Exited(0));
        assertThat(run("exit 42").ending()).isEqualTo(new Ending.Exited(42));
        assertThat(run("kill -9 $$").ending()).isEqualTo(new Ending.Exited(137));
        assertThat(run("exit 0").success()).isTrue();
        assertThat(run("exit 1").success()).isFalse();
    }

    @Test
    void both_streams_go_to_their_files() throws Exception {
        Finished finished = run("echo out; echo err >&2");

        assertThat(folder.resolve("out")).hasContent("out");
        assertThat(finished.stdoutTail(100)).isEqualTo("out\n");
        assertThat(finished.stderrTail(100)).isEqualTo("err\n");
        assertThat(finished.stdoutTail(2)).isEqualTo("t\n");
    }

    @Test
    void both_streams_may_share_a_file() throws Exception {
        Path log = folder.resolve("log");
        var command = new Command(
                List.of("sh", "-c", "echo one; echo two >&2; echo three"),
                folder,
                environment(),
                null,
                log,
                log,
                new Limits(AMPLE, 1_000));

        assertThat(runner.run(command).stdoutTail(100)).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void a_program_that_replaces_its_output_files_is_read_no_more_and_stopped_all_the_same() throws Exception {
        Path theirs = Files.writeString(folder.resolve("theirs"), "theirs");

        Finished finished =
                runner.run(command("ln -sf theirs out; rm err; mkfifo err; yes | head -c 1000000", null, AMPLE, 1_000));

        assertThat(finished.ending()).isEqualTo(new Ending.OutputExceeded());
        assertThat(finished.stdoutTail(100)).isEmpty();
        assertThat(finished.stderrTail(100)).isEmpty();
        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void output_files_are_made_anew() throws Exception {
        Path theirs = Files.writeString(folder.resolve("theirs"), "theirs");
        Files.createSymbolicLink(folder.resolve("out"), theirs);

        assertThat(run("echo mine").stdoutTail(100)).isEqualTo("mine\n");
        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void lines_are_read_of_the_file_that_the_program_began_with() throws Exception {
        Path theirs = Files.writeString(folder.resolve("theirs"), "theirs\n");
        LineReader reader = new LineReader(folder.resolve("out"), 100);
        List<String> lines = new ArrayList<>();
        Consumer<byte[]> keep = line -> lines.add(new String(line, StandardCharsets.UTF_8));

        runner.run(
                command(
                        "echo one; until [ -e seen ]; do sleep 0.01; done; ln -sf theirs out; echo two",
                        null,
                        AMPLE,
                        1_000),
                () -> {
                    reader.read(keep);
                    if (!lines.isEmpty()) {
                        touch(folder.resolve("seen"));
                    }
                    return true;
                });
        reader.readToEnd(keep);

        assertThat(lines).containsExactly("one", "two");
        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void lines_of_a_pipe_or_a_link_are_none() throws Exception {
        Path theirs = Files.writeString(folder.resolve("theirs"), "theirs\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);
        run("mkfifo pipe");
        for (Path file : List.of(link, folder.resolve("pipe"))) {
            new LineReader(file, 100).readToEnd(line -> {
                throw new AssertionError("a line of " + file);
            });
        }
    }

    @Test
    void output_that_is_not_text_can_be_shown() throws Exception {
        assertThat(run("printf 'a\\377\\376b'").stdoutTail(10)).isEqualTo("a\uFFFD\uFFFDb");
        assertThat(run("printf 'äöü'").stdoutTail(3)).isEqualTo("ü");
    }

    @Test
    void input_arrives_whole_and_a_program_that_ignores_it_ends_all_the_same() throws Exception {
        String input = "ä line of text\n".repeat(100_000);
        assertThat(runner.run(command("wc -c", input, AMPLE, 1_000))
                        .stdoutTail(100)
                        .strip())
                .isEqualTo(String.valueOf(input.getBytes(StandardCharsets.UTF_8).length));
        assertThat(runner.run(command("exit 3", input, AMPLE, 1_000)).ending()).isEqualTo(new Ending.Exited(3));
        assertThat(run("cat").stdoutTail(10)).isEmpty();
    }

    @Test
    void nothing_of_our_environment_is_inherited() throws Exception {
        assertThat(run("env").stdoutTail(10_000).lines().map(line -> line.replaceAll("=.*", "")))
                .contains("PATH", ProcessRunner.MARK)
                .isSubsetOf("PATH", ProcessRunner.MARK, "PWD", "SHLVL", "_", "OLDPWD");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void none_of_our_open_files_is_inherited() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var file = Files.newInputStream(Files.createFile(folder.resolve("open")))) {
            assertThat(socket.isBound() && file.available() == 0).isTrue();

            assertThat(run("ls /proc/self/fd").stdoutTail(1_000).lines())
                    .as("the three streams, and the folder that is listed")
                    .containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void a_script_that_names_no_interpreter_is_the_shells() throws Exception {
        assertThat(execute(script("exit 7\n")).ending()).isEqualTo(new Ending.Exited(7));
    }

    @Test
    void a_script_whose_interpreter_is_missing_is_refused_with_the_cause() throws Exception {
        assumeTrue(Spawner.ofThisMachine().isPresent(), "without posix_spawn as we need it, setsid says so, and exits");
        String program = script("#!/nowhere/shell\n");

        assertThatThrownBy(() -> execute(program))
                .isInstanceOfSatisfying(
                        LoreleyException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining(program)
                .hasMessageContaining("an interpreter that is not there");
    }

    private String script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("script"), text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    @Test
    void a_hanging_program_is_killed_at_its_time_limit() throws Exception {
        Finished finished = runner.run(command(FOREVER, null, Duration.ofMillis(300), 1_000));

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertThat(finished.elapsed()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
    }

    @Test
    void a_program_may_clean_up_after_its_time_limit() throws Exception {
        Finished finished = runner.run(
                command("trap 'echo saved; exit 0' TERM; " + FOREVER + " & wait", null, Duration.ofMillis(300), 1_000));

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertThat(finished.stdoutTail(100)).isEqualTo("saved\n");
    }

    @Test
    void a_program_that_ignores_the_polite_signal_is_killed() throws Exception {
        Finished finished = runner.run(
                command("trap '' TERM INT HUP; while :; do sleep 0.1; done", null, Duration.ofMillis(300), 1_000));

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertThat(finished.elapsed()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_grandchild_that_holds_the_output_does_not_delay_the_time_limit() throws Exception {
        Finished finished = runner.run(command(
                "(trap '' TERM; while :; do echo x; sleep 0.05; done) & (" + FOREVER + ") & wait",
                null,
                Duration.ofMillis(300),
                1_000_000));

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertThat(finished.elapsed()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void an_orphan_does_not_outlive_a_command_that_ended_well() throws Exception {
        Finished finished = run("echo $$; " + FOREVER + " & echo $!");

        assertThat(finished.success()).isTrue();
        assertDead(finished.stdoutTail(100).strip().lines().toList().getLast());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_daemon_does_not_outlive_a_command_that_ended_well() throws Exception {
        Finished finished = run("setsid sh -c 'echo $$ > pid; " + FOREVER + "' & until [ -s pid ]; do :; done");

        assertThat(finished.success()).isTrue();
        assertDead(Files.readString(folder.resolve("pid")).strip());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_daemon_does_not_outlive_a_time_limit() throws Exception {
        Finished finished = runner.run(command(
                "setsid sh -c 'trap \"\" TERM; echo $$ > pid; while :; do sleep 0.1; done' & " + FOREVER,
                null,
                Duration.ofMillis(700),
                1_000));

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertDead(Files.readString(folder.resolve("pid")).strip());
    }

    @Test
    void a_launched_daemon_lives_on() throws Exception {
        var command = command(
                "setsid sh -c 'echo $$ > pid; exec " + FOREVER + "' & until [ -s pid ]; do :; done",
                null,
                AMPLE,
                1_000);
        assertThat(runner.launch(command).success()).isTrue();

        long daemon = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        assertThat(ProcessHandle.of(daemon)).get().matches(ProcessHandle::isAlive);
        assertThat(ProcessGroup.kill(daemon)).isTrue();
        assertDead(String.valueOf(daemon));
    }

    @Test
    void a_flood_of_output_is_stopped_and_the_files_are_cut() throws Exception {
        Finished finished = runner.run(command("yes loreley", null, AMPLE, 1_000_000));

        assertThat(finished.ending()).isEqualTo(new Ending.OutputExceeded());
        assertThat(Files.size(folder.resolve("out"))).isEqualTo(1_000_000);
        assertThat(finished.elapsed()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_gigabyte_written_at_once_is_stopped() throws Exception {
        Finished finished = runner.run(
                command("head -c 1000000000 /dev/zero >&2; head -c 1000000000 /dev/zero", null, AMPLE, 10_000_000));

        assertThat(finished.ending()).isEqualTo(new Ending.OutputExceeded());
        assertThat(Files.size(folder.resolve("out")) + Files.size(folder.resolve("err")))
                .isEqualTo(10_000_000);
    }

    @Test
    void too_much_output_is_noticed_when_the_program_has_ended_meanwhile() throws Exception {
        assertThat(runner.run(command("head -c 101 /dev/zero", null, AMPLE, 100))
                        .ending())
                .isEqualTo(new Ending.OutputExceeded());
        assertThat(runner.run(command("head -c 100 /dev/zero", null, AMPLE, 100))
                        .ending())
                .isEqualTo(new Ending.Exited(0));
    }

    @Test
    void an_interrupt_kills_the_whole_group() throws Exception {
        assertStopped(Thread::interrupt);
    }

    @Test
    void a_closed_runner_kills_what_runs_and_starts_nothing() throws Exception {
        assertStopped(thread -> runner.close());
        assertThatThrownBy(() -> run(FOREVER)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void a_runner_whose_programs_were_all_interrupted_starts_others() throws Exception {
        assertStopped(thread -> runner.interruptAll());
        assertThat(run("exit 0").success()).isTrue();
    }

    @Test
    void a_program_that_is_not_there_is_named_with_the_path() {
        assertThatThrownBy(() -> execute("no-such-program"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("'no-such-program'")
                .hasMessageContaining(environment().get("PATH"));
        assertThatThrownBy(() -> execute("./no-such-file")).hasMessageContaining("no such file");
    }

    @Test
    void a_program_that_is_not_executable_is_named() throws IOException {
        Files.writeString(folder.resolve("text"), "#!/bin/sh\n");
        assertThatThrownBy(() -> execute("./text"))
                .hasMessageContaining("'./text'")
                .hasMessageContaining("not executable");
    }

    @Test
    void a_folder_that_is_not_there_is_named() {
        var command = new Command(
                List.of("true"),
                folder.resolve("gone"),
                environment(),
                null,
                folder.resolve("out"),
                folder.resolve("err"),
                new Limits(AMPLE, 10));
        assertThatThrownBy(() -> runner.run(command))
                .hasMessageContaining("gone")
                .hasMessageContaining("folder");
    }

    @Test
    void a_failure_describes_itself_without_credentials() throws Exception {
        String text =
                run("echo https://me:s3cret@host/x; echo broken >&2; exit 7").describe();

        assertThat(text)
                .contains("sh -c", "exit code 7", "broken", "https://***@host/x")
                .doesNotContain("s3cret");
    }

    @Test
    void captured_output_is_returned_undecoded() throws Exception {
        Captured captured = runner.capture(
                List.of("sh", "-c", "printf 'a\\0\\377'; echo no >&2; exit 5"),
                folder,
                environment(),
                null,
                new Limits(AMPLE, 1_000));

        assertThat(captured.bytes()).containsExactly('a', 0, 0xFF);
        assertThat(captured.exit()).isEqualTo(5);
        assertThat(captured.error()).isEqualTo("no\n");
        assertThat(captured.describe()).contains("exit code 5");
    }

    @Test
    void a_long_lived_program_answers_until_it_is_closed() throws Exception {
        LongLived program = runner.open(List.of("cat"), folder, environment());
        try (program) {
            for (int i = 0; i < 3; i++) {
                program.input().write("ping\n".getBytes(StandardCharsets.UTF_8));
                program.input().flush();
                assertThat(program.output().readNBytes(5)).asString().isEqualTo("ping\n");
            }
        }
        assertThat(program.isAlive()).isFalse();
    }

    private void assertStopped(Consumer<Thread> stop) throws Exception {
        var failure = new AtomicReference<Throwable>();
        var pid = folder.resolve("pid");
        var done = new CompletableFuture<Boolean>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                run("trap '' TERM; (" + FOREVER + ") & echo $! > pid; wait; " + FOREVER);
            } catch (InterruptedException | RuntimeException e) {
                failure.set(e);
            } finally {
                done.complete(true);
            }
        });
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            LockSupport.parkNanos(1_000_000);
        }

        stop.accept(thread);
        done.join();

        assertThat(failure.get()).isInstanceOf(InterruptedException.class);
        assertDead(Files.readString(pid).strip());
    }

    /** Dead, or about to be, or a zombie that only waits for init. */
    private static void assertDead(String pid) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (isAlive(pid) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(isAlive(pid)).as("process %s is alive", pid).isFalse();
    }

    private static boolean isAlive(String pid) throws IOException {
        try {
            return OS.current() == OS.LINUX
                    ? !Files.readString(Path.of("/proc", pid, "status")).contains("State:\tZ")
                    : ProcessHandle.of(Long.parseLong(pid)).isPresent();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void touch(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Finished run(String script) throws InterruptedException {
        return runner.run(command(script, null, AMPLE, 1_000_000));
    }

    private Finished execute(String program) throws InterruptedException {
        return runner.run(new Command(
                List.of(program),
                folder,
                environment(),
                null,
                folder.resolve("out"),
                folder.resolve("err"),
                new Limits(AMPLE, 1_000)));
    }

    private Command command(String script, @Nullable String input, Duration time, long bytes) {
        return new Command(
                List.of("sh", "-c", script),
                folder,
                environment(),
                input,
                folder.resolve("out"),
                folder.resolve("err"),
                new Limits(time, bytes));
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put(ProcessRunner.MARK, job);
        return environment;
    }
}
