package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.git.Hub;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.BehaviourSpace;
import io.loreley.mapelites.projection.ProjectionSettings;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Archives;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.Observation;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import io.loreley.store.StoredObservation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The main job on real input: the example, its agent and its evaluator, killed in the middle and run again. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class KilledRunIT {

    private static final int JOBS = 6;
    private static final int JOBS_BEFORE_THE_KILL = 2;
    private static final Path EXAMPLE =
            Path.of("../examples/circle-packing").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private final ProcessRunner processes = new ProcessRunner();
    private EmbeddedPostgres server;

    @BeforeEach
    void server() {
        server = new EmbeddedPostgres(home, processes);
    }

    @AfterEach
    void stop() {
        server.stop();
        processes.close();
    }

    @Test
    void a_killed_run_goes_on_and_every_job_ends_once() throws Exception {
        Process killed = start();
        awaitJobAtWorkAfter(killed, JOBS_BEFORE_THE_KILL);
        killed.destroyForcibly().waitFor();

        Process second = start();
        String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(second.waitFor()).as(output).isZero();
        assertThat(output).contains("\"event\":\"finished\"");
        try (Database database = Database.open(server.open());
                Hub hub = Hub.open(onlyHub(), processes)) {
            ExperimentId experiment = new ExperimentId(
                    column(database, "SELECT id FROM experiments", UUID.class).getFirst());
            everyJobEndedOnce(database);
            assertThat(column(database, "SELECT max(attempt) FROM evolution_jobs", Integer.class)
                            .getFirst())
                    .as("a job that was at work when the process died was tried again")
                    .isGreaterThan(1);
            everyCommitIsKept(database, hub);
            theArchiveIsAReplayOfTheOutcomes(database, experiment);
        }
    }

    private void everyJobEndedOnce(Database database) throws SQLException {
        assertThat(column(database, "SELECT draw FROM evolution_jobs WHERE draw IS NOT NULL ORDER BY draw", Long.class))
                .as("each number was drawn once, and none left out")
                .containsExactly(
                        java.util.stream.LongStream.range(0, JOBS).boxed().toArray(Long[]::new));
        assertThat(column(database, "SELECT DISTINCT status::text FROM evolution_jobs", String.class))
                .containsExactly("SUCCEEDED");
        assertThat(column(database, "SELECT count(*) FROM evolution_jobs WHERE kind = 'ROOT'", Long.class))
                .containsExactly(1L);
        assertThat(column(database, "SELECT count(*) FROM evolution_jobs WHERE ingestion_status IS NULL", Long.class))
                .containsExactly(0L);
        assertThat(column(database, "SELECT count(*) FROM commit_cards", Long.class))
                .containsExactly(JOBS + 1L);
        assertThat(column(database, "SELECT count(*) FROM scheduled_tasks", Long.class))
                .as("the queue is empty")
                .containsExactly(0L);
    }

    @Test
    void a_run_outlives_its_database_server() throws Exception {
        Process run = start();
        awaitJobAtWorkAfter(run, JOBS_BEFORE_THE_KILL);
        List<String> pidFile = Files.readAllLines(home.resolve("postgres/data-18/postmaster.pid"));
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(pidFile.getFirst().strip())).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();

        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(output).isZero();
        try (Database database = Database.open(server.open());
                Hub hub = Hub.open(onlyHub(), processes)) {
            everyJobEndedOnce(database);
            everyCommitIsKept(database, hub);
            assertThat(column(database, "SELECT max(lost_attempts) FROM evolution_jobs", Integer.class))
                    .as("no job was paid for twice")
                    .containsExactly(0);
        }
    }

    private static void everyCommitIsKept(Database database, Hub hub) throws SQLException {
        List<String> kept = hub.refs("refs/loreley").stream()
                .filter(ref -> ref.contains("/commits/"))
                .map(ref -> ref.substring(ref.lastIndexOf('/') + 1))
                .toList();
        assertThat(kept).containsAll(column(database, "SELECT commit_hash FROM commit_cards", String.class));
        assertThat(hub.refs("refs/heads/loreley/best")).hasSize(1);
    }

    private static void theArchiveIsAReplayOfTheOutcomes(Database database, ExperimentId experiment)
            throws SQLException {
        StoredIsland stored = new Archives(database, InstantSource.system(), 4096)
                .load(new IslandKey(experiment, IslandKey.DEFAULT_ISLAND));
        assertThat(stored.history()).hasSize(JOBS + 1);

        var embeddings = new LinkedHashMap<CommitHash, Vector>();
        List<Observation> history =
                stored.history().stream().map(StoredObservation::observation).toList();
        history.forEach(seen -> embeddings.put(seen.commit(), seen.traits().embedding()));
        var space = BehaviourSpace.restore(
                new ProjectionSettings(2, 32, 4096, 1.5, true),
                0,
                Objects.requireNonNull(stored.layout()).projection(),
                embeddings);
        var replay = new GridArchive<CommitHash>(GridSettings.uniform(2, 4));
        for (Observation seen : history) {
            replay.place(
                    seen.commit(),
                    seen.objective(),
                    space.measures(seen.traits().embedding()));
        }

        Map<Long, String> expected = replay.elites().stream()
                .collect(Collectors.toMap(Elite::cell, elite -> elite.solution().value()));
        Map<Long, String> actual = stored.elites().stream()
                .collect(Collectors.toMap(
                        StoredElite::cell, elite -> elite.commit().value()));
        assertThat(actual).isEqualTo(expected);

        Map<String, Double> measured = new HashMap<>();
        for (StoredElite elite : stored.elites()) {
            measured.put(elite.commit().value(), Direction.MAXIMIZE.oriented(elite.objective()));
        }
        assertThat(measured.values()).allMatch(Double::isFinite);
    }

    private Process start() throws IOException {
        return LoreleyProcess.of(
                        home, "run", EXAMPLE.toString(), "--jobs", Integer.toString(JOBS), "--for", "4m", "--json")
                .start();
    }

    /** Reads what the run says until so many jobs are done and another is with its agent. */
    private static void awaitJobAtWorkAfter(Process process, int jobs) throws IOException {
        var seen = new ArrayList<String>();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        int done = 0;
        boolean atWork = false;
        while (done < jobs || !atWork) {
            String line = lines.readLine();
            assertThat(line).as(String.join("\n", seen)).isNotNull();
            seen.add(line);
            if (line.contains("\"event\":\"job_succeeded\"")) {
                done++;
            }
            atWork = done >= jobs && line.contains("\"stage\":\"code\"");
        }
    }

    private Path onlyHub() throws IOException {
        try (var hubs = Files.list(home.resolve("repositories"))) {
            return hubs.collect(Collectors.toList()).getFirst();
        }
    }

    private static <T> List<T> column(Database database, String query, Class<T> type) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var values = new ArrayList<T>();
            while (rows.next()) {
                values.add(rows.getObject(1, type));
            }
            return values;
        }
    }
}
