package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.store.ApiTokens;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The overview in a terminal, over the API of real servers. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class TopIT {

    private final FilledDashboard filled = FilledDashboard.get();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path home;

    @Test
    void one_look_says_what_the_overview_says() {
        assertThat(top("circle-packing", "--url", filled.server.address())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                // a browser of another test pauses it now and then
                .anySatisfy(line -> assertThat(line).matches("circle-packing  (idle|paused)  .*"))
                .anySatisfy(line -> assertThat(line).contains("best", "sum_radii 2."))
                .anySatisfy(line -> assertThat(line).contains("jobs", "27 done"))
                .anySatisfy(line -> assertThat(line).contains("coverage", "QD score"));
    }

    @Test
    void a_server_of_this_machine_is_found_while_it_runs() {
        RunningServers servers = new RunningServers(home);
        try (var _ = servers.announce(filled.server.address())) {
            assertThat(top("hostile")).isZero();
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("hostile  idle")
                .doesNotContain(FilledDashboard.RED);
        assertThat(servers.addresses()).isEmpty();
        assertThat(top()).isEqualTo(Failures.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no server of", "--url");
    }

    @Test
    void the_word_of_a_server_that_was_killed_is_not_believed() throws Exception {
        RunningServers servers = new RunningServers(home);
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path word = Files.createDirectories(home.resolve("servers"))
                .resolve("%s-%d-1".formatted(WorkerName.ofThisProcess().host(), ended.pid()));
        Files.writeString(word, "http://127.0.0.1:1/");

        assertThat(servers.addresses()).isEmpty();
        try (var _ = servers.announce(filled.server.address())) {
            assertThat(servers.addresses()).containsExactly(filled.server.address());
            assertThat(word).doesNotExist();
        }
    }

    @Test
    void beyond_this_machine_the_token_comes_from_a_file_or_the_environment() throws IOException {
        String secret = "a-secret-for-the-overview-in-a-terminal";
        new ApiTokens(filled.database, InstantSource.system()).add("top", ApiTokens.Role.READ, secret);
        try (WebServer open = filled.serve(new WebSettings("0.0.0.0", 0, false, Set.of()))) {
            assertThat(top("--url", open.address())).isEqualTo(Failures.USAGE);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("--token-file")
                    .doesNotContain(secret);
            Path file = Files.writeString(home.resolve("token"), secret + "\n");
            assertThat(top("--url", open.address(), "--token-file", file.toString()))
                    .isZero();
            environment.put("LORELEY_TOKEN", secret);
            assertThat(top("--url", open.address())).isZero();
        }
    }

    @Test
    void on_a_terminal_it_is_drawn_until_q_is_typed_and_the_terminal_is_as_before() throws Exception {
        String top = LoreleyProcess.line(
                        List.of("top", "circle-packing", "--home", home.toString(), "--url", filled.server.address()))
                .stream()
                .map("'%s'"::formatted)
                .collect(Collectors.joining(" "));
        Process terminal = new ProcessBuilder(
                        "script", "-qfec", "stty rows 30 cols 100; stty -g; %s; stty -g".formatted(top), "/dev/null")
                .redirectErrorStream(true)
                .start();
        StringBuilder seen = new StringBuilder();
        try {
            read(terminal.getInputStream(), seen, "q ends");
            terminal.getOutputStream().write('q');
            terminal.getOutputStream().flush();
            assertThat(terminal.waitFor(20, TimeUnit.SECONDS))
                    .as(seen.toString())
                    .isTrue();
            seen.append(new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            terminal.descendants().forEach(ProcessHandle::destroyForcibly);
            terminal.destroyForcibly();
        }

        assertThat(seen).contains("\u001b[?1049h", "sum_radii", "coverage", "\u001b[?25h\u001b[?1049l");
        List<String> lines = seen.toString()
                .replace("\u001b[?25h\u001b[?1049l", "\n")
                .lines()
                .toList();
        assertThat(lines.getLast())
                .as("the settings of the terminal")
                .contains(":")
                .isEqualTo(lines.getFirst());
        assertThat(terminal.exitValue()).isZero();
    }

    private static void read(InputStream in, StringBuilder seen, String until) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            seen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            if (seen.indexOf(until) >= 0) {
                return;
            }
        }
        throw new AssertionError("it ended: " + seen);
    }

    private int top(String... arguments) {
        environment.put("LORELEY_HOME", home.toString());
        var surroundings = new Surroundings(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                InstantSource.system(),
                Optional::empty);
        String[] line = new String[arguments.length + 1];
        line[0] = "top";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Main.execute(surroundings, new LocalEngine(InstantSource.system(), System.getenv()), line);
    }
}
