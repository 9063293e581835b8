package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.ExperimentId;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.ExperimentLock;
import io.loreley.store.TestDatabase;
import io.loreley.store.Workers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The commands that look after a database, on a real one. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DbCommandIT {

    @RegisterExtension
    final TestDatabase postgres = TestDatabase.unconnected();

    @TempDir
    private Path folder;

    private SampleProject sample;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void project() throws IOException {
        sample = new SampleProject(folder, postgres.url());
        environment.put("LORELEY_HOME", sample.home.toString());
        environment.put("DATABASE_URL", sample.databaseUrl());
    }

    @Test
    void pruning_says_what_would_go_removes_it_once_and_the_search_goes_on() throws Exception {
        sample.commit("1", "main");
        sample.run(6, ExperimentChoice.ASK);
        String experiment = sample.texts("SELECT id FROM experiments").getFirst();
        Path artifacts = sample.home.resolve("artifacts");
        Path orphan = artifacts.resolve(experiment).resolve(UUID.randomUUID().toString());
        Path unknown = artifacts.resolve(UUID.randomUUID().toString());
        for (Path kept : List.of(orphan.resolve("attempt-1"), unknown, artifacts.resolve("notes"))) {
            Files.writeString(Files.createDirectories(kept).resolve("file"), "kept by nobody");
        }
        sample.execute(
                "UPDATE evolution_jobs SET completed_at = completed_at - interval '40 days' WHERE kind <> 'ROOT'");
        sample.execute("ALTER TABLE map_elites_file_embedding_cache DISABLE TRIGGER ALL;"
                + " UPDATE map_elites_file_embedding_cache SET updated_at = now() - interval '100 days'");
        int cached = number("SELECT count(*) FROM map_elites_file_embedding_cache");
        int elites = number("SELECT count(*) FROM map_elites_archive_cells");
        int expired = number("""
                WITH RECURSIVE line (c) AS (SELECT commit_hash FROM map_elites_archive_cells
                    UNION SELECT base_commit_hash FROM line JOIN evolution_jobs ON result_commit_hash = c)
                SELECT count(*) FROM evolution_jobs WHERE kind <> 'ROOT' AND result_commit_hash NOT IN (SELECT c FROM line)""");

        assertThat(loreley("db", "prune", "--dry-run")).isZero();
        assertThat(text())
                .contains(
                        "would remove:",
                        "files of %d jobs".formatted(expired + 1),
                        "1 experiments that this database does not know");
        assertThat(orphan).exists();
        assertThat(number("SELECT count(*) FROM map_elites_file_embedding_cache"))
                .isEqualTo(cached);

        assertThat(loreley("db", "prune")).isZero();
        assertThat(text()).contains("removed:", "files of %d jobs".formatted(expired + 1), "--unknown removes them");
        assertThat(orphan).doesNotExist();
        assertThat(unknown).exists();
        assertThat(artifacts.resolve("notes/file")).exists();
        assertThat(folders(artifacts.resolve(experiment))).isEqualTo(7 - expired);
        assertThat(number("SELECT count(*) FROM map_elites_file_embedding_cache"))
                .isBetween(elites, cached);
        assertThat(number("SELECT count(*) FROM commit_cards")).isEqualTo(7);

        assertThat(loreley("db", "prune", "--unknown", "--artifact-megabytes", "0"))
                .isZero();
        assertThat(unknown).doesNotExist();
        assertThat(loreley("db", "prune")).isZero();
        assertThat(text())
                .contains("sample: 0 observations, 0 sums, 0 embeddings")
                .contains("files of 0 jobs, 0 MB");
        assertThat(sample.run(8, ExperimentChoice.ASK).status().budget().drawn())
                .isEqualTo(8);
    }

    @Test
    void a_retention_that_cannot_be_read_is_refused_by_its_name() {
        environment.put("CACHE_RETENTION", "a while");

        assertThat(loreley("db", "prune")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("CACHE_RETENTION: expected a duration such as 30d or 12h, found 'a while'");
        assertThat(loreley("db", "prune", "--cache-for", "1d", "--artifact-megabytes", "much"))
                .isEqualTo(Failures.USAGE);
        assertThat(text()).contains("--artifact-megabytes: expected a whole number, found 'much'");
    }

    @Test
    void experiments_are_listed_shown_and_renamed() throws Exception {
        sample.commit("1", "main");
        assertThat(loreley("experiments", "list")).isZero();
        assertThat(text()).isEqualTo("  no experiment yet\n");
        sample.run(1, ExperimentChoice.ASK);
        sample.settings("A different goal.", "maximize");
        sample.run(1, ExperimentChoice.NEW);
        String first =
                sample.texts("SELECT id FROM experiments WHERE name = 'sample'").getFirst();

        assertThat(loreley("experiments", "list")).isZero();
        assertThat(text()).contains("sample ", first.substring(0, 8), "sample-2 ");
        assertThat(loreley("experiments", "list", "--json")).isZero();
        assertThat(text()).startsWith("{\"experiments\":[{\"id\":\"" + first).contains("\"begun\":\"");
        assertThat(loreley("experiments", "show", "sample-2")).isZero();
        assertThat(text()).contains("goal: \"A different goal.\"", "search.seeds: ");
        assertThat(loreley("experiments", "rename", first.substring(0, 8), "sample-2"))
                .isEqualTo(Failures.USAGE);
        assertThat(text()).contains("is called 'sample-2' already");
        assertThat(loreley("experiments", "rename", "sample", "a/b")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("name 'a/b' cannot name a branch");
        assertThat(loreley("experiments", "show", "nothing")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("no experiment is called 'nothing'. There are: sample (", "sample-2 (");
        assertThat(loreley("experiments", "rename", first.substring(0, 8), "first"))
                .isZero();
        assertThat(text()).contains("is now called first");
        assertThat(loreley("experiments", "rename", "first", "first")).isZero();
        assertThat(sample.texts("SELECT name FROM experiments ORDER BY created_at"))
                .containsExactly("first", "sample-2");

        onlyTheOtherIsLeftAfterADeletion(first);
    }

    private void onlyTheOtherIsLeftAfterADeletion(String id) throws SQLException {
        var experiment = new ExperimentId(UUID.fromString(id));
        assertThat(loreley("experiments", "delete", "first")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("this deletes experiment first (", "with its 2 jobs", "--yes");
        try (Database database = Database.open(postgres.url())) {
            try (var _ = ExperimentLock.tryAcquire(database, experiment).orElseThrow()) {
                assertThat(loreley("experiments", "delete", "first", "--yes")).isEqualTo(Failures.USAGE);
                assertThat(text()).contains("is running; stop it first");
            }
            Workers workers = new Workers(database);
            workers.enter(new Workers.Introduction("digger", "here", 1, "1", List.of(), 1), experiment);
            assertThat(loreley("experiments", "delete", "first", "--yes")).isEqualTo(Failures.USAGE);
            assertThat(text()).contains("digger works on this experiment; stop it first");
            workers.left("digger");
        }
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs WHERE experiment_id = '%s'".formatted(id)))
                .containsExactly("2");

        Path remote = folder.resolve("remote.git");
        Path hub = new Home(sample.home)
                .hub(sample.texts("SELECT DISTINCT slug FROM repositories").getFirst());
        git("clone", "--quiet", "--mirror", hub.toString(), remote.toString());
        assertThat(git("-C", remote.toString(), "for-each-ref", "refs/loreley")).contains(id);
        assertThat(loreley("experiments", "delete", "first", "--yes", "--git-remote", remote.toString()))
                .isZero();

        assertThat(text()).contains("first (%s) is deleted".formatted(id.substring(0, 8)), " gc --prune=now` frees");
        assertThat(sample.texts("SELECT name FROM experiments")).containsExactly("sample-2");
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs")).containsExactly("2");
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs WHERE experiment_id IS NULL"))
                .containsExactly("0");
        assertThat(sample.texts("SELECT count(*) FROM repositories")).containsExactly("1");
        assertThat(sample.home.resolve("artifacts")).isDirectoryContaining(kept -> !kept.endsWith(id));
        assertThat(sample.home.resolve("artifacts").resolve(id)).doesNotExist();
        assertThat(sample.home.resolve("work").resolve(id)).doesNotExist();
        for (Path repository : List.of(hub, remote)) {
            assertThat(git("-C", repository.toString(), "for-each-ref", "refs/loreley"))
                    .contains("/commits/")
                    .doesNotContain(id);
        }
        for (String unknown : List.of(
                "first",
                "",
                sample.texts("SELECT id FROM experiments").getFirst().substring(0, 3))) {
            assertThat(loreley("experiments", "delete", unknown, "--yes")).isEqualTo(Failures.USAGE);
            assertThat(text()).contains("no experiment is called '" + unknown + "'");
        }
    }

    private static String git(String... arguments) {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        try (ProcessRunner processes = new ProcessRunner()) {
            Captured answer = processes.answer(
                    line,
                    Path.of("."),
                    Map.of("PATH", System.getenv("PATH")),
                    null,
                    new Limits(Duration.ofMinutes(1), 1 << 20));
            assertThat(answer.success()).as(answer.describe()).isTrue();
            return answer.text();
        }
    }

    @Test
    void what_is_asked_of_a_search_is_refused_or_told_to_people_and_programs() throws Exception {
        sample.commit("1", "main");
        sample.run(1, ExperimentChoice.ASK);
        String project = sample.folder.toString();
        sample.settings("A different goal.", "maximize");

        assertThat(loreley("pause", project)).isZero();
        assertThat(loreley("status", project)).isZero();
        assertThat(text()).contains("A larger value.", "paused: `loreley resume` goes on");
        assertThat(loreley("status", project, "--json")).isZero();
        assertThat(text()).contains("\"state\":\"paused\"");
        assertThat(loreley("resume", project)).isZero();
        assertThat(loreley("audit", project, "--json")).isZero();
        assertThat(text()).startsWith("{\"orders\":[{\"id\":").contains("\"action\":\"resume\"");
        assertThat(loreley("workers", "--json")).isZero();
        assertThat(text()).startsWith("{\"workers\":[{\"who\":{\"name\":");
        assertThat(loreley("drain", "no-such-worker")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("no worker at work is named 'no-such-worker'");

        assertThat(loreley("export", project, "--branch", "a b")).isEqualTo(Failures.USAGE);
        assertThat(text()).contains("'a b' is no name that git allows for a branch");
        for (String unknown : List.of("", "ffff")) {
            String table = "jobs=" + folder.resolve("jobs.csv");
            assertThat(loreley("export", project, "--commit", unknown, "--table", table))
                    .isEqualTo(Failures.USAGE);
            assertThat(text()).contains("--commit: experiment 'sample' has no commit '" + unknown + "'");
        }
        assertThat(folder.resolve("jobs.csv")).doesNotExist();
        assertThat(loreley("export", project, "--table", "jobs=" + folder.resolve("none/jobs.csv")))
                .isEqualTo(Failures.FAILURE);
        assertThat(text()).contains("cannot write ", ": there is no such file or folder");
    }

    @Test
    void each_command_may_be_given_twice() throws Exception {
        sample.commit("1", "main");
        sample.run(1, ExperimentChoice.ASK);

        for (int time = 0; time < 2; time++) {
            assertThat(loreley("db", "status")).isZero();
            assertThat(text()).contains("PostgreSQL 18", "sample ", "2 jobs");
            assertThat(loreley("db", "migrate")).isZero();
            assertThat(loreley("db", "stop")).isEqualTo(Failures.USAGE);
            assertThat(text()).contains("a server that Loreley did not start");
            assertThat(loreley("db", "reset")).isEqualTo(Failures.USAGE);
            assertThat(text()).contains("Say --yes if you mean it");
        }
        try (Database used = Database.open(postgres.url())) {
            assertThat(used.serverVersion()).isNotEmpty();
            assertThat(loreley("db", "reset", "--yes")).isEqualTo(Failures.USAGE);
            assertThat(text())
                    .contains("the database is in use: ", "connections of other processes")
                    .doesNotContain("--force");
        }
        for (String kept : List.of("projects", "agents")) {
            Files.createDirectories(sample.home.resolve(kept).resolve("something"));
        }
        for (int time = 0; time < 2; time++) {
            assertThat(loreley("db", "reset", "--yes")).isZero();
            assertThat(loreley("db", "status")).isZero();
            assertThat(text()).contains("no experiment yet");
        }
        try (Stream<Path> left = Files.list(sample.home)) {
            assertThat(left.filter(Files::isDirectory)).containsExactly(sample.home.resolve("logs"));
        }
    }

    @Test
    void the_embedded_server_is_not_stopped_under_those_who_work_on_it() {
        environment.remove("DATABASE_URL");
        try (ProcessRunner processes = new ProcessRunner()) {
            EmbeddedPostgres server = new EmbeddedPostgres(sample.home, processes);
            assertThat(loreley("db", "stop")).isZero();
            assertThat(text()).contains("was not running");

            try (Database used = Database.open(server.open())) {
                assertThat(used.serverVersion()).isNotEmpty();
                assertThat(loreley("db", "stop")).isEqualTo(Failures.USAGE);
                assertThat(text()).contains("the database is in use: ", "connections of other processes", "--force");
                assertThat(server.isRunning()).isTrue();
            }
            assertThat(loreley("db", "stop")).isZero();
            assertThat(text()).contains("stopped");
            assertThat(server.isRunning()).isFalse();

            try (Database used = Database.open(server.open())) {
                assertThat(used.serverVersion()).isNotEmpty();
                assertThat(loreley("db", "stop", "--force")).isZero();
            }
            assertThat(server.isRunning()).isFalse();
        }
    }

    private int number(String query) throws Exception {
        return Integer.parseInt(sample.texts(query).getFirst());
    }

    private static long folders(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.count();
        }
    }

    private int loreley(String... arguments) {
        out.reset();
        err.reset();
        return Main.execute(
                new Surroundings(environment, print(out), print(err), InstantSource.system(), Optional::empty),
                new LocalEngine(InstantSource.system(), System.getenv()),
                arguments);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
