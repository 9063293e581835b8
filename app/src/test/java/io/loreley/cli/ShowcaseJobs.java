package io.loreley.cli;

import io.loreley.domain.CommitHash;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The jobs of the showcase and their stages: those that ended, some at work, and some that wait. */
final class ShowcaseJobs {

    static final UUID ROOT = UUID.fromString("5f3c9d21-7b84-4e6a-a1d4-000000000001");

    private static final int WAITING = 2;

    /** What runs now: how many seconds ago it began, and its stage. */
    private static final List<Work> AT_WORK =
            List.of(new Work(58, "EVALUATE"), new Work(31, "CODE"), new Work(9, "CODE"));

    private final Showcase showcase;
    private final List<CommitHash> hashes;
    private final Instant now;
    private final SplittableRandom random = new SplittableRandom(5);

    ShowcaseJobs(Showcase showcase, List<CommitHash> hashes, Instant now) {
        this.showcase = showcase;
        this.hashes = hashes;
        this.now = now;
    }

    private record Work(int seconds, String stage) {}

    void jobs(Connection connection) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        rows.add(ShowcaseRows.row(
                ROOT,
                "SUCCEEDED",
                "ROOT",
                hash(0),
                "main",
                new String[0],
                null,
                null,
                begun(0),
                begun(0),
                begun(4),
                1,
                "alpha:4711",
                null,
                null,
                null,
                hash(0),
                "succeeded",
                0,
                2,
                (long) showcase.candidates.getFirst().cell(),
                begun(5),
                begun(0)));
        for (Showcase.Draw draw : showcase.draws) {
            Showcase.Failure failure = draw.failure();
            Showcase.Candidate result = draw.result();
            Instant ended = end(draw);
            rows.add(ShowcaseRows.row(
                    draw.id(),
                    failure == null ? "SUCCEEDED" : "FAILED",
                    draw.isSeed() ? "SEED" : "EVOLVE",
                    hash(draw.base().number()),
                    draw.island(),
                    draw.inspirations().stream()
                            .map(each -> hash(each.number()))
                            .toArray(String[]::new),
                    draw.agent(),
                    (long) draw.number(),
                    draw.at(),
                    draw.at(),
                    ended,
                    1,
                    worker(draw.number()),
                    null,
                    failure == null ? null : failure.kind(),
                    failure == null ? null : failure.message(),
                    result == null ? null : hash(result.number()),
                    result == null ? null : draw.gain() == null ? "skipped" : "succeeded",
                    draw.gain(),
                    draw.gain() == null ? null : draw.gain() == 0 ? 2 : 1,
                    result == null ? null : Long.valueOf(result.cell()),
                    ended.plusSeconds(1),
                    draw.at()));
        }
        int next = showcase.draws.size();
        for (Work work : AT_WORK) {
            rows.add(open(
                    "RUNNING",
                    next++,
                    now.minusSeconds(work.seconds()),
                    work.stage().equals("CODE") ? "code" : "evaluate"));
        }
        for (int i = 0; i < WAITING; i++) {
            rows.add(open("QUEUED", next++, now.minusSeconds(4), null));
        }
        ShowcaseRows.insert(connection, """
                INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, inspiration_commit_hashes, agent, draw, scheduled_at,
                    started_at, completed_at, attempt, worker, stage, failure_kind, last_error, result_commit_hash, ingestion_status,
                    ingestion_delta, ingestion_status_code, ingestion_cell_index, ingestion_last_attempt_at, created_at, experiment_id, goal,
                    constraints, acceptance_criteria, iteration_hint, sampling_strategy, sampling_initial_radius, sampling_radius_used,
                    sampling_fallback_inspirations, seed)
                VALUES (?, ?::job_status, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '%s', '%s',
                    '{Keep the public methods}', '{Every test passes}', 'Look at where names are read.', 'rank', 1, 1, 0, 7)""".formatted(Showcase.EXPERIMENT, ShowcaseRows.GOAL), rows);
    }

    /** A job that has not ended. */
    private Object[] open(String status, int number, Instant at, @Nullable String stage) {
        Showcase.Candidate base = best(Showcase.ISLANDS.get(number % Showcase.ISLANDS.size()));
        boolean runs = status.equals("RUNNING");
        return ShowcaseRows.row(
                job(number),
                status,
                "EVOLVE",
                hash(base.number()),
                base.island(),
                new String[0],
                agent(number),
                (long) number,
                at,
                runs ? at : null,
                null,
                runs ? 1 : 0,
                runs ? worker(number) : null,
                stage,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                at);
    }

    void stages(Connection connection) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        for (Showcase.Draw draw : showcase.draws) {
            Showcase.Failure failure = draw.failure();
            boolean evaluated = failure == null || failure.kind().startsWith("EVALUATOR");
            Showcase.Failure ofAgent = evaluated ? null : failure;
            Instant coded = draw.at().plusMillis((long) (1000 * draw.seconds() * 0.7));
            long tokens = 24_000L + random.nextInt(90_000);
            rows.add(ShowcaseRows.row(
                    draw.id(),
                    "CODE",
                    worker(draw.number()),
                    draw.agent(),
                    model(draw.agent()),
                    1,
                    tokens,
                    tokens / 40 + 600,
                    tokens * (draw.agent().equals("codex") ? 1.4e-6 : 2.6e-6),
                    evaluated ? "SUCCEEDED" : "FAILED",
                    ofAgent == null ? null : ofAgent.kind(),
                    ofAgent == null ? null : ofAgent.message(),
                    draw.at(),
                    coded));
            if (evaluated) {
                rows.add(ShowcaseRows.row(
                        draw.id(),
                        "EVALUATE",
                        worker(draw.number()),
                        null,
                        null,
                        0,
                        0L,
                        0L,
                        0.0,
                        failure == null ? "SUCCEEDED" : "FAILED",
                        failure == null ? null : failure.kind(),
                        failure == null ? null : failure.message(),
                        coded,
                        end(draw)));
            }
        }
        int next = showcase.draws.size();
        for (Work work : AT_WORK) {
            rows.add(ShowcaseRows.row(
                    job(next),
                    work.stage(),
                    worker(next),
                    work.stage().equals("EVALUATE") ? null : agent(next),
                    work.stage().equals("EVALUATE") ? null : model(agent(next)),
                    0,
                    0L,
                    0L,
                    0.0,
                    null,
                    null,
                    null,
                    now.minusSeconds(work.seconds()),
                    null));
            next++;
        }
        ShowcaseRows.insert(connection, """
                INSERT INTO job_stages (job_id, stage, worker, agent, model, calls, input_tokens, output_tokens, cost_usd, outcome,
                    failure_kind, message, started_at, ended_at, attempt, experiment_id, result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '%s', '{}')""".formatted(Showcase.EXPERIMENT), rows);
    }

    private static Instant end(Showcase.Draw draw) {
        return draw.at().plusMillis((long) (1000 * draw.seconds()));
    }

    private Instant begun(int seconds) {
        return showcase.candidates.getFirst().at().plusSeconds(seconds);
    }

    private Showcase.Candidate best(String island) {
        return showcase.cells(island).values().stream()
                .min(Comparator.comparingDouble(Showcase.Candidate::milliseconds))
                .orElseThrow();
    }

    private static UUID job(int number) {
        return new UUID(0x7a11_5c3d_2b90_4e01L, number);
    }

    private static String agent(int number) {
        return number % 2 == 0 ? "codex" : "claude";
    }

    private static String model(String agent) {
        return agent.equals("codex") ? "gpt-5-codex" : "claude-sonnet-4-5";
    }

    private static String worker(int number) {
        return number % 2 == 0 ? "alpha:4711" : "beta:902";
    }

    private String hash(int candidate) {
        return hashes.get(candidate).value();
    }
}
