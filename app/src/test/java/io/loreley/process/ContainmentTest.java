package io.loreley.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.domain.LoreleyException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hostile programs cannot do. Where the kernel of the machine forbids namespaces, those tests say so. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
@Isolated("its time limits are short")
class ContainmentTest {

    private static final Duration AMPLE = Duration.ofSeconds(30);

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
    void a_daemon_that_wiped_its_environment_does_not_outlive_its_command() throws Exception {
        assumeTrue(namespaces(), "this kernel gives no process namespaces");

        Finished finished =
                run("env -i setsid sh -c 'echo up > started; sleep 3719' & until [ -s started ]; do :; done");

        assertThat(finished.success()).isTrue();
        assertThat(sleepers("sleep 3719")).isZero();
    }

    @Test
    void a_daemon_does_not_outlive_a_time_limit_either() throws Exception {
        assumeTrue(namespaces(), "this kernel gives no process namespaces");

        Finished finished = run(
                "env -i setsid sh -c 'trap \"\" TERM; while :; do sleep 3720; done' & sleep 3720",
                new Limits(Duration.ofMillis(500), 1_000),
                Isolation.NAMESPACE);

        assertThat(finished.ending()).isEqualTo(new Ending.TimedOut());
        assertThat(sleepers("sleep 3720")).isZero();
    }

    @Test
    void an_enclosed_command_keeps_its_exit_code_its_signals_and_its_streams() throws Exception {
        assertThat(run("exit 42").ending()).isEqualTo(new Ending.Exited(42));
        assertThat(run("kill -9 $$").ending()).isEqualTo(new Ending.Exited(137));
        assertThat(run("echo out; echo err >&2").stderrTail(10)).isEqualTo("err\n");
        assertThat(run(
                                "trap 'echo saved; exit 0' TERM; sleep 3721 & wait",
                                new Limits(Duration.ofMillis(400), 1_000),
                                Isolation.NAMESPACE)
                        .stdoutTail(10))
                .isEqualTo("saved\n");
    }

    @Test
    void a_command_without_a_network_has_a_loopback_of_its_own() throws Exception {
        assumeTrue(
                new Isolation(Isolation.Kind.NAMESPACE, false, List.of())
                        .shortfall()
                        .isEmpty(),
                "this kernel gives no network namespaces");

        Finished finished = run("cat /proc/net/dev", new Limits(AMPLE, 10_000), offline(Isolation.Kind.NAMESPACE));

        assertThat(finished.stdoutTail(10_000).lines().filter(line -> line.contains(":")))
                .singleElement()
                .asString()
                .contains("lo:");
    }

    @Test
    void a_command_that_says_nothing_is_ended() throws Exception {
        Finished finished = run(
                "for i in 1 2 3; do echo $i; sleep 0.2; done; sleep 3722",
                new Limits(AMPLE, 1_000, Duration.ofMillis(600), Resources.UNLIMITED),
                Isolation.NAMESPACE);

        assertThat(finished.ending()).isEqualTo(new Ending.WentSilent());
        assertThat(finished.stdoutTail(10)).isEqualTo("1\n2\n3\n");
        assertThat(finished.describe()).contains("wrote nothing");
    }

    @Test
    void memory_is_counted_over_all_processes() throws Exception {
        String eater = "dd if=/dev/zero of=/dev/null bs=60M count=100000 2>/dev/null & ";

        Finished finished =
                run(eater + eater + "wait", limits(new Resources(100L << 20, null, null)), Isolation.NAMESPACE);

        assertThat(finished.ending()).isEqualTo(new Ending.Exhausted(Ending.Resource.MEMORY));
        assertThat(finished.describe()).contains("limit of memory: 104857600 bytes");
    }

    @Test
    void processor_time_is_counted_over_all_processes() throws Exception {
        Finished finished = run(
                "(while :; do :; done) & while :; do :; done",
                limits(new Resources(null, Duration.ofMillis(500), null)),
                Isolation.NAMESPACE);

        assertThat(finished.ending()).isEqualTo(new Ending.Exhausted(Ending.Resource.CPU_TIME));
    }

    @Test
    void a_bomb_of_processes_is_ended_with_all_of_them() throws Exception {
        assumeTrue(namespaces(), "this kernel gives no process namespaces");

        Finished finished = run(
                "fork() { sleep 3723 & sleep 3723 & sleep 0.01; fork & fork & wait; }; fork",
                limits(new Resources(null, null, 60)),
                Isolation.NAMESPACE);

        assertThat(finished.ending()).isEqualTo(new Ending.Exhausted(Ending.Resource.PROCESSES));
        assertThat(sleepers("sleep 3723")).isZero();
    }

    @Test
    void limits_count_without_a_namespace_too() throws Exception {
        Finished finished = run(
                "for i in 1 2 3 4 5 6 7 8; do sleep 3724 & done; wait",
                limits(new Resources(null, null, 4)),
                Isolation.NONE);

        assertThat(finished.ending()).isEqualTo(new Ending.Exhausted(Ending.Resource.PROCESSES));
    }

    @Test
    void bubblewrap_keeps_everything_read_only_that_is_not_named_or_is_refused() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Isolation walled = new Isolation(Isolation.Kind.BWRAP, false, List.of(open));
        try {
            Finished finished = run(
                    "echo x > open/file; mount -o remount,bind,rw / 2>/dev/null; echo x > file",
                    new Limits(AMPLE, 1_000),
                    walled);
            assertThat(open.resolve("file")).hasContent("x");
            assertThat(folder.resolve("file")).doesNotExist();
            assertThat(finished.success()).isFalse();
        } catch (LoreleyException e) {
            assertThat(e).hasMessageContaining("Install the package bubblewrap");
        }
    }

    @ParameterizedTest
    @CsvSource({"NAMESPACE, true", "NAMESPACE, false", "BWRAP, true", "BWRAP, false"})
    void what_is_hidden_is_empty_and_what_is_not_there_stays_so(Isolation.Kind kind, boolean network) throws Exception {
        Isolation plain = new Isolation(kind, network, List.of(folder));
        assumeTrue(
                Isolation.NAMESPACE.hiding(List.of(folder)).shortfall().isEmpty(),
                "no bubblewrap here that hides anything");
        Path file = Files.writeString(folder.resolve("file"), "secret");
        Path inside = Files.writeString(
                Files.createDirectory(folder.resolve("hidden")).resolve("inside"), "secret");
        Path absent = folder.resolve("absent");
        String script =
                "umount hidden file 2>/dev/null; umount -l hidden file 2>/dev/null; cat file hidden/*; echo x > open";

        run(script, new Limits(AMPLE, 1_000), plain);
        assertThat(folder.resolve("out")).hasContent("secretsecret");
        ProcessRunner hiding = runner.hiding(List.of(file, inside.getParent(), absent));
        Finished finished = hiding.run(command(script, null, new Limits(AMPLE, 1_000), plain));

        assertThat(folder.resolve("out")).as(finished.describe()).isEmptyFile();
        assertThat(folder.resolve("open")).hasContent("x");
        assertThat(file).hasContent("secret");
        assertThat(absent).doesNotExist();
    }

    @Test
    void what_is_not_kept_is_said() throws Exception {
        assertThat(Isolation.NONE.shortfall()).isEmpty();
        assertThat(offline(Isolation.Kind.NONE).shortfall()).hasValue("they reach the network");
        assertThat(Isolation.NONE.hiding(List.of(folder)).shortfall())
                .hasValue("they can read what bubblewrap would hide, such as a hold-out");
        assertThat(run("bwrap --unshare-user --disable-userns --ro-bind / / true")
                        .success())
                .satisfies(mayForbid -> assumeTrue(mayForbid, "no bubblewrap here that forbids namespaces"));

        Finished finished = run(
                "exec bwrap --unshare-user --disable-userns --bind / / --dev /dev --proc /proc '%s' -cp '%s:%s' '%s'"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                classes(Isolation.class),
                                classes(Shortfall.class),
                                Shortfall.class.getName()),
                new Limits(AMPLE, 100_000),
                Isolation.NONE);

        assertThat(finished.stdoutTail(10_000).lines())
                .as(finished.describe())
                .containsExactly(
                        "what they start may outlive them",
                        "what they start may outlive them, and they reach the network",
                        "what they start may outlive them, and they can read what bubblewrap would hide, such as a hold-out",
                        "Install the package bubblewrap");
    }

    private static Path classes(Class<?> of) throws URISyntaxException {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Prints what this machine does not keep. */
    static final class Shortfall {

        private Shortfall() {}

        public static void main(String[] arguments) {
            System.out.println(Isolation.NAMESPACE.shortfall().orElse("nothing"));
            System.out.println(new Isolation(Isolation.Kind.NAMESPACE, false, List.of())
                    .shortfall()
                    .orElse("nothing"));
            System.out.println(Isolation.NAMESPACE
                    .hiding(List.of(Path.of("/etc")))
                    .shortfall()
                    .orElse("nothing"));
            try {
                System.out.println(new Isolation(Isolation.Kind.BWRAP, true, List.of()).shortfall());
            } catch (LoreleyException e) {
                System.out.println(
                        String.valueOf(e.getMessage()).contains("Install the package bubblewrap")
                                ? "Install the package bubblewrap"
                                : e);
            }
        }
    }

    @Test
    void limits_that_limit_nothing_are_refused() {
        assertThatThrownBy(() -> new Resources(0L, null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(AMPLE, 1, Duration.ZERO, Resources.UNLIMITED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean namespaces() {
        return Enclosure.of(Isolation.NAMESPACE).isTight();
    }

    private static long sleepers(String line) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().commandLine().orElse("").endsWith(line))
                .count();
    }

    private static Limits limits(Resources resources) {
        return new Limits(AMPLE, 1_000_000, null, resources);
    }

    private Finished run(String script) throws InterruptedException {
        return run(script, new Limits(AMPLE, 1_000_000), Isolation.NAMESPACE);
    }

    private Finished run(String script, Limits limits, Isolation isolation) throws InterruptedException {
        return runner.run(command(script, null, limits, isolation));
    }

    private Command command(String script, @Nullable String input, Limits limits, Isolation isolation) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put(ProcessRunner.MARK, job);
        return new Command(
                List.of("sh", "-c", script),
                folder,
                environment,
                input,
                folder.resolve("out"),
                folder.resolve("err"),
                limits,
                isolation);
    }

    private static Isolation offline(Isolation.Kind kind) {
        return new Isolation(kind, false, List.of());
    }
}
