package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Source;
import io.loreley.domain.Secret;
import io.loreley.store.DatabaseUrl;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A project with shell programs as agent and evaluator, a repository beside it, and a database: the larger the better. */
final class SampleProject {

    final Path folder;
    final Path repository;
    final Path home;
    private final DatabaseUrl url;

    SampleProject(Path parent, DatabaseUrl url) throws IOException {
        this.folder = Files.createDirectories(parent.resolve("project"));
        this.repository = Files.createDirectories(parent.resolve("repository"));
        this.home = parent.resolve("home");
        this.url = url;
        program("agent.sh", """
                #!/bin/sh
                seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                echo "$((seed % 40))" > value.txt
                echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
                """);
        program("evaluate.sh", """
                #!/bin/sh
                read -r value < value.txt
                echo "{\\"summary\\": \\"read it\\", \\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
                """);
        settings("A larger value.", "maximize");
    }

    void settings(String goal, String direction) throws IOException {
        Files.writeString(folder.resolve("loreley.yaml"), """
                name: sample
                goal: %s
                repository: ../repository
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 10s}
                objective: {metric: value, direction: %s}
                """.formatted(goal, direction));
    }

    /** A whole loreley.yaml, but for name and repository. */
    void settings(String yaml) throws IOException {
        Files.writeString(folder.resolve("loreley.yaml"), "name: sample\nrepository: ../repository\n" + yaml);
    }

    void program(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    EndReport run(int jobs, ExperimentChoice choice) {
        Display silence =
                new QuietDisplay(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        return run(jobs, choice, 2, silence, new GracefulStop(() -> {}));
    }

    EndReport run(int jobs, ExperimentChoice choice, int workers, Display display, GracefulStop stop) {
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs)));
        MachineSettings machine = new MachineSettings(home, new Secret(databaseUrl()), workers, "info");
        return new LocalEngine(InstantSource.system(), System.getenv())
                .run(Project.load(folder, flags, Map.of()), machine, choice, null, display, stop);
    }

    /** As a user writes it. */
    String databaseUrl() {
        return url.jdbc().replace("jdbc:postgresql://", "postgresql://%s:%s@".formatted(url.user(), url.password()));
    }

    /** A commit that sets the value, on a branch of its own unless that is main. */
    String commit(String value, String branch) throws IOException, InterruptedException {
        if (!Files.exists(repository.resolve(".git"))) {
            git("init", "-q", "-b", "main");
        }
        Files.writeString(repository.resolve("value.txt"), value + "\n");
        git("add", ".");
        if (!branch.equals("main")) {
            git("checkout", "-q", "-b", branch);
        }
        git("-c", "user.name=Somebody", "-c", "user.email=s@example.org", "commit", "-q", "-m", "Set " + value);
        String commit = git("rev-parse", "HEAD");
        git("checkout", "-q", "main");
        return commit;
    }

    String git(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column. */
    List<String> texts(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
