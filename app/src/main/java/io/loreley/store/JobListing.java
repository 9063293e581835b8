package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.real;
import static io.loreley.store.Question.texts;
import static io.loreley.store.Question.uuid;
import static io.loreley.store.Question.whole;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The jobs of an experiment, page by page, newest first. The database filters; nothing is read that is not shown. */
public final class JobListing {

    private static final int ERROR_SHOWN = 300;

    private static final String LINE = """
            SELECT j.id, j.status::text AS status, j.kind, j.draw, j.island_id, j.base_commit_hash, j.attempt, j.worker, j.stage,
                j.failure_kind, left(j.last_error, %d) AS error, j.result_commit_hash, j.ingestion_status, j.ingestion_message,
                j.ingestion_delta, j.ingestion_cell_index, j.created_at, j.started_at, j.completed_at, c.subject,
                (SELECT m.value FROM metrics m WHERE m.commit_card_id = c.id AND m.name = ?) AS objective,
                (SELECT sum(s.cost_usd) FROM job_stages s WHERE s.job_id = j.id) AS cost
            FROM evolution_jobs j
            LEFT JOIN commit_cards c ON c.experiment_id = j.experiment_id AND c.commit_hash = j.result_commit_hash""".formatted(ERROR_SHOWN);

    private final Database database;

    public JobListing(Database database) {
        this.database = database;
    }

    /**
     * Which jobs. What is absent or empty does not filter.
     *
     * @param failureKind of jobs that failed, not of those that went back to the queue for it
     */
    public record Filter(
            ExperimentId experiment,
            Set<JobStatus> statuses,
            @Nullable String kind,
            @Nullable String failureKind,
            @Nullable String island,
            @Nullable String commit) {

        public Filter {
            statuses = Set.copyOf(statuses);
        }

        public static Filter all(ExperimentId experiment) {
            return new Filter(experiment, Set.of(), null, null, null, null);
        }

        private Question where(Question question) {
            question.add("WHERE j.experiment_id = ?", experiment.value());
            if (!statuses.isEmpty()) {
                question.add("AND j.status = ANY (?::job_status[])", (Object)
                        statuses.stream().map(Enum::name).toArray(String[]::new));
            }
            question.addIf(kind, "AND j.kind = ?")
                    .addIf(failureKind, "AND j.status = 'FAILED' AND j.failure_kind = ?")
                    .addIf(island, "AND j.island_id = ?");
            if (commit != null) {
                question.add("AND (")
                        .beginsWith("j.base_commit_hash", commit)
                        .add("OR")
                        .beginsWith("j.result_commit_hash", commit)
                        .add(")");
            }
            return question;
        }
    }

    /** What a table shows of a job. */
    public record Line(
            JobId id,
            String status,
            String kind,
            @Nullable Long draw,
            @Nullable String island,
            @Nullable String base,
            int attempt,
            @Nullable String worker,
            @Nullable String stage,
            @Nullable String failureKind,
            @Nullable String error,
            @Nullable String result,
            @Nullable String subject,
            @Nullable Double objective,
            @Nullable String ingestionStatus,
            @Nullable String ingestionMessage,
            @Nullable Double ingestionDelta,
            @Nullable Long cell,
            @Nullable Double costUsd,
            @Nullable Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt) {}

    /** Everything a job's row says beyond its line. */
    public record Detail(
            Line line,
            ExperimentId experiment,
            List<String> inspirations,
            @Nullable String planSummary,
            @Nullable String goal,
            List<String> constraints,
            List<String> acceptanceCriteria,
            List<String> notes,
            List<String> tags,
            @Nullable String iterationHint,
            @Nullable String samplingStrategy,
            @Nullable Long samplingInitialRadius,
            @Nullable Long samplingRadiusUsed,
            @Nullable Long samplingFallbackInspirations,
            long seed,
            int priority,
            int lostAttempts,
            @Nullable String error,
            int ingestionAttempts,
            @Nullable Long ingestionStatusCode,
            @Nullable String ingestionReason,
            @Nullable Instant ingestionLastAttemptAt,
            @Nullable Instant scheduledAt) {

        public Detail {
            inspirations = List.copyOf(inspirations);
            constraints = List.copyOf(constraints);
            acceptanceCriteria = List.copyOf(acceptanceCriteria);
            notes = List.copyOf(notes);
            tags = List.copyOf(tags);
        }
    }

    /**
     * One page.
     *
     * @param metric the one shown as the objective
     */
    public Page<Line> page(Filter filter, String metric, @Nullable Cursor<UUID> from, int limit) {
        Question question = filter.where(new Question(database, "the jobs").add(LINE, metric));
        if (from != null) {
            question.add("AND (j.created_at, j.id) < (?, ?)", from.moment(), from.row());
        }
        List<Line> lines = question.add("ORDER BY j.created_at DESC, j.id DESC LIMIT ?", limit + 1)
                .list(JobListing::line);
        boolean more = lines.size() > limit;
        List<Line> shown = more ? lines.subList(0, limit) : lines;
        String next = shown.isEmpty()
                ? null
                : Cursor.after(
                        more, shown.getLast().createdAt(), shown.getLast().id().value());
        return new Page<>(shown, total(filter), next);
    }

    private long total(Filter filter) {
        boolean counted = filter.kind == null && filter.failureKind == null && filter.island == null;
        if (counted && filter.commit == null) {
            Question question = new Question(database, "the counters")
                    .add(
                            "SELECT coalesce(sum(jobs), 0) FROM evolution_job_counts WHERE experiment_id = ?",
                            filter.experiment.value());
            if (!filter.statuses.isEmpty()) {
                question.add("AND status = ANY (?::job_status[])", (Object)
                        filter.statuses.stream().map(Enum::name).toArray(String[]::new));
            }
            return question.number();
        }
        return filter.where(
                        new Question(database, "the jobs").add("SELECT count(*) FROM (SELECT FROM evolution_jobs j"))
                .add("LIMIT ?) counted", Page.COUNTED)
                .number();
    }

    /** The jobs at work, oldest first. */
    public List<Line> running(ExperimentId experiment, String metric) {
        return new Question(database, "the running jobs")
                .add(LINE, metric)
                .add(
                        "WHERE j.experiment_id = ? AND j.completed_at IS NULL AND j.status = 'RUNNING' ORDER BY j.started_at, j.id LIMIT 256",
                        experiment.value())
                .list(JobListing::line);
    }

    /** Every job of an experiment, oldest first, one by one. */
    public void each(ExperimentId experiment, String metric, java.util.function.Consumer<Line> visitor) {
        new Question(database, "the jobs")
                .add(LINE, metric)
                .add("WHERE j.experiment_id = ? ORDER BY j.created_at, j.id", experiment.value())
                .each(rows -> visitor.accept(line(rows)));
    }

    public Optional<Detail> find(JobId job, String metric) {
        return new Question(database, "job " + job)
                .add(
                        LINE.replace(
                                "SELECT j.id,",
                                "SELECT j.*, j.status::text AS state, j.last_error AS whole_error, j.id,"),
                        metric)
                .add("WHERE j.id = ?", job.value())
                .first(JobListing::detail);
    }

    private static Line line(ResultSet rows) throws SQLException {
        return new Line(
                new JobId(uuid(rows, "id")),
                rows.getString("status"),
                rows.getString("kind"),
                whole(rows, "draw"),
                rows.getString("island_id"),
                rows.getString("base_commit_hash"),
                rows.getInt("attempt"),
                rows.getString("worker"),
                rows.getString("stage"),
                rows.getString("failure_kind"),
                rows.getString("error"),
                rows.getString("result_commit_hash"),
                rows.getString("subject"),
                real(rows, "objective"),
                rows.getString("ingestion_status"),
                rows.getString("ingestion_message"),
                real(rows, "ingestion_delta"),
                whole(rows, "ingestion_cell_index"),
                real(rows, "cost"),
                instant(rows, "created_at"),
                instant(rows, "started_at"),
                instant(rows, "completed_at"));
    }

    private static Detail detail(ResultSet rows) throws SQLException {
        UUID experiment = rows.getObject("experiment_id", UUID.class);
        return new Detail(
                line(rows),
                new ExperimentId(experiment == null ? new UUID(0, 0) : experiment),
                texts(rows, "inspiration_commit_hashes"),
                rows.getString("plan_summary"),
                rows.getString("goal"),
                texts(rows, "constraints"),
                texts(rows, "acceptance_criteria"),
                texts(rows, "notes"),
                texts(rows, "tags"),
                rows.getString("iteration_hint"),
                rows.getString("sampling_strategy"),
                whole(rows, "sampling_initial_radius"),
                whole(rows, "sampling_radius_used"),
                whole(rows, "sampling_fallback_inspirations"),
                rows.getLong("seed"),
                rows.getInt("priority"),
                rows.getInt("lost_attempts"),
                rows.getString("whole_error"),
                rows.getInt("ingestion_attempts"),
                whole(rows, "ingestion_status_code"),
                rows.getString("ingestion_reason"),
                instant(rows, "ingestion_last_attempt_at"),
                instant(rows, "scheduled_at"));
    }
}
