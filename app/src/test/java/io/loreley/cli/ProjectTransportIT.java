package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Experiments;
import io.loreley.store.SentProjects;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ProjectTransportIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ExperimentId id = new ExperimentId(new UUID(1, 1));

    @Test
    void a_project_with_credentials_is_not_sent_until_its_gitignore_names_them() throws IOException {
        Path files = Files.createDirectories(folder.resolve("project"));
        Files.writeString(files.resolve("loreley.yaml"), """
                name: sent
                goal: faster
                objective: {metric: score}
                agent: {kind: mutation}
                evaluator: {command: [sh, score.sh]}
                """);
        Files.writeString(files.resolve(".env"), "TOKEN=1\n");
        Path shared = Files.createDirectories(folder.resolve("shared.git"));
        Experiments experiments = new Experiments(postgres.database());
        experiments.create(new Experiment(
                id, experiments.repository("sent", null, null, Map.of()), "hash", "sent", Map.of(), "active"));
        try (ProcessRunner processes = new ProcessRunner();
                Hub hub = Hub.open(folder.resolve("hub"), processes);
                Scope scope = new Scope()) {
            processes.answer(
                    List.of("git", "init", "--quiet", "--bare"),
                    shared,
                    BaseEnvironment.of(System.getenv(), List.of()),
                    null,
                    new Limits(Duration.ofSeconds(30), 1 << 16));
            Remote remote = hub.exchangeThrough(shared.toString());
            ProjectTransport transport = new ProjectTransport(new SentProjects(postgres.database()), hub, remote);
            Project project = Project.load(files, Map.of(), Map.of());

            transport.send(id, project, Map.of());
            assertThat(remote.refs(List.of("refs/loreley/*"))).isEmpty();
            assertThatThrownBy(() -> transport.receive(id, folder.resolve("laid"), Map.of(), scope))
                    .hasMessageContaining("project.not-sent");

            Files.writeString(files.resolve(".gitignore"), ".env\n");
            transport.send(id, project, Map.of());
            assertThat(remote.refs(List.of("refs/loreley/*"))).hasSize(1);
            Project received = transport.receive(id, folder.resolve("laid"), Map.of(), scope);
            assertThat(received.folder().resolve(".gitignore")).exists();
            assertThat(received.folder().resolve(".env")).doesNotExist();
        }
    }
}
