package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One iteration of the search: a base commit, what was asked of the agent, and how it ended. */
@Entity
@Table(name = "evolution_jobs")
public class EvolutionJob extends Timestamped {

    @Id
    private UUID id;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.NAMED_ENUM)
    @Column(nullable = false, columnDefinition = "job_status")
    private JobStatus status;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(nullable = false, length = 16)
    private JobKind kind;

    @Column(name = "base_commit_hash", length = 64)
    private @Nullable String baseCommitHash;

    @Column(name = "island_id", length = Limits.ISLAND)
    private @Nullable String islandId;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "experiment_id")
    private @Nullable Experiment experiment;

    @Embedded
    private JobSpec spec;

    @Embedded
    private Sampling sampling;

    @Column(name = "is_seed_job", nullable = false)
    private boolean seedJob;

    @Column
    private @Nullable Long draw;

    @Column(nullable = false)
    private long seed;

    @Column(length = Limits.AGENT)
    private @Nullable String agent;

    @Column(nullable = false)
    private int priority;

    @Column(name = "scheduled_at")
    private @Nullable Instant scheduledAt;

    @Column(name = "started_at")
    private @Nullable Instant startedAt;

    @Column(name = "completed_at")
    private @Nullable Instant completedAt;

    @Column(nullable = false)
    private int attempt;

    @Column(name = "lost_attempts", nullable = false)
    private int lostAttempts;

    @Column(nullable = false)
    private int retries;

    @Column
    private @Nullable String worker;

    @Column(length = 16)
    private @Nullable String stage;

    @Column(name = "plan_summary", columnDefinition = "text")
    private @Nullable String planSummary;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(name = "failure_kind", length = 32)
    private @Nullable FailureKind failureKind;

    @Column(name = "last_error", columnDefinition = "text")
    private @Nullable String lastError;

    @Column(name = "result_commit_hash", length = 64)
    private @Nullable String resultCommitHash;

    @Embedded
    private Ingestion ingestion;

    @SuppressWarnings("NullAway.Init")
    protected EvolutionJob() {}

    /** A job just drawn: {@link JobStatus#PENDING}, never claimed. */
    public EvolutionJob(
            JobId id,
            Experiment experiment,
            JobKind kind,
            CommitHash base,
            String island,
            JobSpec spec,
            Sampling sampling,
            @Nullable Long draw,
            long seed,
            int priority,
            Instant scheduledAt) {
        this.id = id.value();
        this.status = JobStatus.PENDING;
        this.kind = kind;
        this.baseCommitHash = base.value();
        this.islandId = island;
        this.experiment = experiment;
        this.spec = spec;
        this.sampling = sampling;
        this.seedJob = kind == JobKind.SEED;
        this.draw = draw;
        this.seed = seed;
        this.priority = priority;
        this.scheduledAt = scheduledAt;
        this.ingestion = Ingestion.pending();
    }

    public JobId id() {
        return new JobId(id);
    }

    public JobStatus status() {
        return status;
    }

    public JobKind kind() {
        return kind;
    }

    /** The commit to start from. Absent only in rows of another system. */
    public @Nullable CommitHash base() {
        return baseCommitHash == null ? null : new CommitHash(baseCommitHash);
    }

    public String island() {
        return islandId == null ? IslandKey.DEFAULT_ISLAND : islandId;
    }

    /** Absent when its experiment was deleted. */
    public @Nullable Experiment experiment() {
        return experiment;
    }

    public JobSpec spec() {
        return spec;
    }

    public Sampling sampling() {
        return sampling;
    }

    public List<CommitHash> inspirations() {
        return sampling.inspirations().stream().map(CommitHash::new).toList();
    }

    public boolean isSeedJob() {
        return seedJob;
    }

    /** The how manyth draw of its experiment this was, counted from 0; absent for the root. */
    public @Nullable Long draw() {
        return draw;
    }

    /** The random seed that is handed to the agent. */
    public long seed() {
        return seed;
    }

    /** The name of the agent that it was given to, among several; absent where there was nothing to choose from. */
    public @Nullable String agent() {
        return agent;
    }

    /** Gives the job to an agent, before it is stored. */
    public EvolutionJob givenTo(String name) {
        agent = Limits.requireText("agent", name, Limits.AGENT);
        return this;
    }

    public int priority() {
        return priority;
    }

    public @Nullable Instant scheduledAt() {
        return scheduledAt;
    }

    public @Nullable Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant completedAt() {
        return completedAt;
    }

    /** How often it was claimed. Every write of a worker names the attempt it belongs to; a late one changes nothing. */
    public int attempt() {
        return attempt;
    }

    /** How many of the attempts ended with the death of the worker. */
    public int lostAttempts() {
        return lostAttempts;
    }

    /** How often it went back to the queue because a provider or the network was away. */
    public int retries() {
        return retries;
    }

    public @Nullable String worker() {
        return worker;
    }

    /** What the worker is at: {@code prepare}, {@code plan}, {@code code}, {@code commit}, {@code evaluate}, {@code record}. */
    public @Nullable String stage() {
        return stage;
    }

    public @Nullable String planSummary() {
        return planSummary;
    }

    public @Nullable FailureKind failureKind() {
        return failureKind;
    }

    public @Nullable String lastError() {
        return lastError;
    }

    public @Nullable CommitHash result() {
        return resultCommitHash == null ? null : new CommitHash(resultCommitHash);
    }

    public Ingestion ingestion() {
        return ingestion;
    }
}
