package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user's repository, worked on with plain git, by a user without any configuration. */
final class TestRepository {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PATH", System.getenv("PATH"),
            "GIT_CONFIG_NOSYSTEM", "1",
            "GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_AUTHOR_NAME", "Ada",
            "GIT_AUTHOR_EMAIL", "ada@example.org",
            "GIT_COMMITTER_NAME", "Ada",
            "GIT_COMMITTER_EMAIL", "ada@example.org",
            "LC_ALL", "C");

    private final Path root;
    private final ProcessRunner processes;

    private TestRepository(Path root, ProcessRunner processes) {
        this.root = root;
        this.processes = processes;
    }

    static TestRepository at(Path root, ProcessRunner processes) {
        return new TestRepository(root, processes);
    }

    static TestRepository create(Path root, ProcessRunner processes) {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var repository = new TestRepository(root, processes);
        repository.git("init", "--quiet", "--initial-branch=main");
        return repository;
    }

    Path root() {
        return root;
    }

    TestRepository write(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CommitHash commit(String message) {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return head();
    }

    CommitHash head() {
        return new CommitHash(git("rev-parse", "HEAD"));
    }

    String git(String... arguments) {
        Captured captured = attempt(arguments);
        if (!captured.success()) {
            throw new AssertionError(captured.describe());
        }
        return captured.text().strip();
    }

    Captured attempt(String... arguments) {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        try {
            return processes.capture(line, root, ENVIRONMENT, null, new Limits(Duration.ofSeconds(60), 100_000_000));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
