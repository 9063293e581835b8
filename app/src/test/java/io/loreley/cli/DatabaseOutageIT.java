package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Source;
import io.loreley.domain.Secret;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A scheduler, one that stands by, two workers at work, and a database that is stopped for a while. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DatabaseOutageIT {

    /** Longer than a question waits for a connection, so that every part has asked in vain. */
    private static final Duration AWAY = Duration.ofSeconds(13);

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private final ExecutorService roles = Executors.newVirtualThreadPerTaskExecutor();
    private final List<GracefulStop> stops = new ArrayList<>();
    private SampleProject project;
    private EmbeddedPostgres server;

    @BeforeEach
    void a_project_with_a_server_of_its_own() throws Exception {
        server = new EmbeddedPostgres(folder.resolve("server"), processes);
        Database.open(server.open()).close(); // which makes the tables
        project = new SampleProject(folder, server.open());
        project.program("agent.sh", """
                #!/bin/sh
                echo run >> "%1$s/runs"
                until [ -e "%1$s/go" ]; do sleep 0.1; done
                read -r value < value.txt
                echo "$((value + 1))" > value.txt
                echo '{"summary": "raise the value"}' > "$LORELEY_RESULT"
                """.formatted(folder));
        project.settings("""
                goal: A larger value.
                agent: {command: ["${project}/agent.sh"], timeout: 2m}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 1m}
                objective: {metric: value, direction: maximize}
                """);
        project.commit("1", "main");
        project.git("init", "--quiet", "--bare", folder.resolve("remote.git").toString());
    }

    @AfterEach
    void end() {
        stops.forEach(GracefulStop::request);
        roles.close();
        server.stop();
        processes.close();
    }

    @Test
    void whoever_waits_or_works_outlives_it_and_no_agent_is_paid_twice() throws Exception {
        Future<?> search = start("scheduler", this::schedule);
        await("SELECT count(*) FROM evolution_jobs WHERE status = 'QUEUED'");
        Future<?> worker =
                start("worker", (engine, settings, stop) -> engine.work("sample", settings, display(), stop));
        Future<?> standby = start("standby", this::schedule);
        Future<?> any = start("any", (engine, settings, stop) -> engine.work(null, settings, display(), stop));
        await("SELECT count(*) / 2 FROM job_stages WHERE stage = 'CODE'");

        server.stop();
        LockSupport.parkNanos(AWAY.toNanos());
        Files.createFile(folder.resolve("go"));
        server.open();

        search.get();
        for (Future<?> part : List.of(worker, any)) {
            assertThat(part.isDone()).as(() -> part + " goes on").isFalse();
        }
        standby.get(); // takes over, and finds that all is done
        assertThat(project.texts(
                        "SELECT DISTINCT status || ' ' || attempt || ' ' || lost_attempts || coalesce(' ' || last_error, '')"
                                + " FROM evolution_jobs"))
                .containsExactly("SUCCEEDED 1 0");
        assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(2);
    }

    private void schedule(LocalEngine engine, MachineSettings settings, GracefulStop stop) {
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", "2"));
        engine.schedule(Project.load(project.folder, flags, Map.of()), settings, ExperimentChoice.ASK, display(), stop);
    }

    private interface Part {
        void play(LocalEngine engine, MachineSettings settings, GracefulStop stop);
    }

    private Future<?> start(String name, Part part) {
        GracefulStop stop = new GracefulStop(() -> {});
        stops.add(stop);
        MachineSettings settings = new MachineSettings(
                        folder.resolve("home-" + name), new Secret(project.databaseUrl()), 1, "info")
                .with(Membership.of("", folder.resolve("remote.git").toString(), Map.of()));
        return roles.submit(() -> part.play(new LocalEngine(InstantSource.system(), System.getenv()), settings, stop));
    }

    private void await(String count) throws Exception {
        while (project.texts(count).getFirst().equals("0")) {
            Thread.sleep(50); // which the time limit can interrupt
        }
    }

    private static QuietDisplay display() {
        return new QuietDisplay(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }
}
