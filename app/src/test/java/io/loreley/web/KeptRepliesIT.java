package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.Json;
import io.loreley.domain.Objective;
import io.loreley.store.Changes;
import io.loreley.store.StatusQuery;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** How old an answer of the API may be, over a run whose clock is ours. */
@Execution(ExecutionMode.CONCURRENT)
class KeptRepliesIT {

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(2, 1));
    private static final Instant BEGUN = Instant.parse("2026-11-24T12:00:00Z");

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Instant> now = new AtomicReference<>(BEGUN);
    private final AtomicInteger computed = new AtomicInteger();
    private Duration takes = Duration.ZERO;
    private WebServer server;

    @BeforeEach
    void open() throws SQLException {
        execute("INSERT INTO repositories (id, slug) VALUES ('%s', 'kept')".formatted(new UUID(1, 1)));
        execute("""
                INSERT INTO experiments (id, repository_id, config_hash, name, status, config_snapshot)
                VALUES ('%s', '%s', 'x', 'kept', 'active', '{"objective": {"metric": "score"}}')""".formatted(EXPERIMENT, new UUID(1, 1)));
        server = WebServer.start(
                WebSettings.loopback(0),
                new WebSources(
                        postgres.database(),
                        slug -> {
                            throw new AssertionError("no hub is needed");
                        },
                        home,
                        home,
                        experiment -> Optional.of(running()),
                        new Here(home),
                        now::get));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** The status of a run that began at noon. */
    private ExperimentStatus running() {
        computed.incrementAndGet();
        now.updateAndGet(moment -> moment.plus(takes));
        Duration used = Duration.between(BEGUN, now.get());
        var frame = new StatusQuery.Frame(
                EXPERIMENT,
                "kept",
                new Objective("score", Direction.MAXIMIZE),
                16,
                null,
                used,
                Duration.ofHours(1),
                null,
                null);
        return new StatusQuery(postgres.database(), now::get).status(frame);
    }

    @Test
    void the_clock_of_a_run_goes_on_while_nothing_else_changes() {
        assertThat(status().at("/budget/seconds_used").asDouble()).isZero();

        now.updateAndGet(moment -> moment.plusSeconds(1));
        assertThat(status().at("/budget/seconds_used").asDouble())
                .as("kept for many viewers")
                .isZero();

        now.updateAndGet(moment -> moment.plusSeconds(1199));
        JsonNode later = status();
        assertThat(later.at("/budget/seconds_used").asDouble()).isEqualTo(1200);
        assertThat(Instant.parse(later.path("at").asString())).isEqualTo(BEGUN.plusSeconds(1200));
    }

    @Test
    void an_answer_that_takes_long_is_never_long_behind() throws SQLException {
        takes = Duration.ofMinutes(1);
        status();
        int first = computed.get();
        execute("INSERT INTO audit_log (experiment_id, actor, action) VALUES ('%s', 'ann', 'pause')"
                .formatted(EXPERIMENT));

        now.updateAndGet(moment -> moment.plusSeconds(15));
        status();
        assertThat(computed)
                .as("a little old rather than computed at every change")
                .hasValue(first);

        now.updateAndGet(moment -> moment.plusSeconds(6));
        status();
        assertThat(computed).hasValueGreaterThan(first);
    }

    @Test
    void what_a_stage_at_work_has_spent_is_told_before_it_ends() throws SQLException {
        UUID job = new UUID(3, 1);
        execute("""
                INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, experiment_id, goal, draw, scheduled_at)
                VALUES ('%s', 'PENDING', 'EVOLVE', 'abcd', 'main', '%s', 'faster', 0, now())""".formatted(job, EXPERIMENT));
        execute("""
                INSERT INTO job_stages (job_id, attempt, stage, experiment_id, worker, agent, calls, cost_usd, started_at)
                VALUES ('%s', 1, 'CODE', '%s', 'worker', 'coder', 1, 0.5, now())""".formatted(job, EXPERIMENT));
        assertThat(get("/agents").at("/arms/0/calls").asInt()).isEqualTo(1);
        assertThat(get("/jobs/" + job).at("/stages/0/calls").asInt()).isEqualTo(1);

        execute("UPDATE job_stages SET calls = 2, cost_usd = 1");
        now.updateAndGet(moment -> moment.plusSeconds(1));
        assertThat(get("/agents").at("/arms/0/calls").asInt()).as("kept").isEqualTo(1);

        now.updateAndGet(moment -> moment.plusSeconds(10));
        assertThat(get("/agents").at("/arms/0/calls").asInt()).isEqualTo(2);
        assertThat(get("/jobs/" + job).at("/stages/0/calls").asInt()).isEqualTo(2);
    }

    @Test
    void what_an_experiment_says_of_itself_is_as_new_as_what_else_changed() throws SQLException {
        assertThat(get("").path("status").asString()).isEqualTo("active");
        execute("UPDATE experiments SET status = 'completed', updated_at = now() + interval '1 second'");

        now.updateAndGet(moment -> moment.plusSeconds(1));
        get("");
        now.updateAndGet(moment -> moment.plusSeconds(60));

        assertThat(get("").path("status").asString()).isEqualTo("completed");
    }

    @Test
    void a_clock_that_goes_back_keeps_nothing_from_being_seen() throws SQLException {
        assertThat(get("").path("status").asString()).isEqualTo("active");
        execute("UPDATE experiments SET status = 'completed', updated_at = now() + interval '1 second'");

        now.updateAndGet(moment -> moment.minusSeconds(3600));

        assertThat(get("").path("status").asString()).isEqualTo("completed");
    }

    @Test
    void an_answer_that_was_let_go_of_while_it_was_computed_takes_no_room() {
        KeptReplies kept = kept();
        Object large = "x".repeat(50 << 20); // more than there is room for
        reply(kept, "large", () -> {
            for (int i = 0; i < 300; i++) { // more than are kept
                reply(kept, "small " + i, () -> "small");
            }
            return large;
        });

        reply(kept, "a", this::count);
        reply(kept, "b", this::count);
        reply(kept, "a", this::count);

        assertThat(computed).hasValue(2);
    }

    @Test
    void an_answer_that_failed_takes_nobody_elses_place() {
        KeptReplies kept = kept();
        reply(kept, "a", this::count);
        for (int i = 0; i < 300; i++) {
            String address = "wrong " + i;
            assertThatThrownBy(() -> reply(kept, address, () -> {
                        throw Problem.notFound("there is none");
                    }))
                    .isInstanceOf(Problem.class);
        }

        reply(kept, "b", this::count);
        reply(kept, "a", this::count);

        assertThat(computed).hasValue(2);
    }

    private KeptReplies kept() {
        return new KeptReplies(new Pulse(new Changes(postgres.database()), now::get), now::get);
    }

    private static Reply reply(KeptReplies kept, String address, Supplier<Object> compute) {
        return kept.reply(address, EXPERIMENT, Duration.ofDays(1), compute);
    }

    private Object count() {
        return computed.incrementAndGet();
    }

    private JsonNode status() {
        return get("/status");
    }

    private JsonNode get(String path) {
        URI address = URI.create(server.address() + "api/v1/experiments/" + EXPERIMENT + path);
        try {
            var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return Json.parse(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
