package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One stage of one attempt of a job: when it ran and where, what it spent, and how it ended. */
@Entity
@Table(name = "job_stages")
@IdClass(JobStage.Key.class)
public class JobStage extends Timestamped {

    @Id
    @Column(name = "job_id", nullable = false)
    private UUID jobId;

    @Id
    @Column(nullable = false)
    private int attempt;

    @Id
    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(nullable = false, length = 16)
    private StageName stage;

    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Column(nullable = false)
    private String worker;

    @Column(length = Limits.AGENT)
    private @Nullable String agent;

    @Column
    private @Nullable String model;

    @Column(nullable = false)
    private int calls;

    @Column(name = "unpriced_calls", nullable = false)
    private int unpricedCalls;

    @Column(name = "input_tokens", nullable = false)
    private long inputTokens;

    @Column(name = "cached_input_tokens", nullable = false)
    private long cachedInputTokens;

    @Column(name = "output_tokens", nullable = false)
    private long outputTokens;

    @Column(name = "cost_usd", nullable = false)
    private double costUsd;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(length = 16)
    private @Nullable StageOutcome outcome;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(name = "failure_kind", length = 32)
    private @Nullable FailureKind failureKind;

    @Column(columnDefinition = "text")
    private @Nullable String message;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column
    private @Nullable Map<String, Object> result;

    @Column(name = "commit_hash", length = 64)
    private @Nullable String commitHash;

    @Column(length = Limits.PATH)
    private @Nullable String artifacts;

    @Column(name = "started_at", nullable = false)
    private Instant startedAt;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    @SuppressWarnings("NullAway.Init")
    protected JobStage() {}

    /** A stage that begins. */
    public JobStage(
            EvolutionJob job,
            StageName stage,
            String worker,
            @Nullable String agent,
            @Nullable String artifacts,
            Instant startedAt) {
        Experiment experiment = job.experiment();
        if (experiment == null) {
            throw new IllegalArgumentException("job %s belongs to no experiment".formatted(job.id()));
        }
        this.jobId = job.id().value();
        this.attempt = job.attempt();
        this.stage = stage;
        this.experimentId = experiment.id().value();
        this.worker = worker;
        this.agent = agent;
        this.artifacts = artifacts;
        this.startedAt = startedAt;
    }

    public JobId job() {
        return new JobId(jobId);
    }

    public int attempt() {
        return attempt;
    }

    public StageName stage() {
        return stage;
    }

    public String worker() {
        return worker;
    }

    /** Which of the configured agents it was; absent for an evaluation. */
    public @Nullable String agent() {
        return agent;
    }

    /** The model that the agent's provider named last. */
    public @Nullable String model() {
        return model;
    }

    /** How many usages were reported. */
    public int calls() {
        return calls;
    }

    /** How many of them came without a price; {@link #costUsd} is then less than what was paid. */
    public int unpricedCalls() {
        return unpricedCalls;
    }

    public long inputTokens() {
        return inputTokens;
    }

    public long cachedInputTokens() {
        return cachedInputTokens;
    }

    public long outputTokens() {
        return outputTokens;
    }

    /** US dollars, of the calls whose price is known. */
    public double costUsd() {
        return costUsd;
    }

    /** Absent while it runs, and for ever if its worker died. */
    public @Nullable StageOutcome outcome() {
        return outcome;
    }

    public @Nullable FailureKind failureKind() {
        return failureKind;
    }

    public @Nullable String message() {
        return message;
    }

    /** What it brought, as JSON; present exactly when it succeeded. */
    public @Nullable Map<String, Object> result() {
        return result;
    }

    /** The candidate that a coding stage left, or the commit that an evaluation measured. */
    public @Nullable CommitHash commit() {
        return commitHash == null ? null : new CommitHash(commitHash);
    }

    /** The folder of its prompts, outputs and logs, relative to the artifact store. */
    public @Nullable String artifacts() {
        return artifacts;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /** The primary key. */
    public record Key(UUID jobId, int attempt, StageName stage) implements Serializable {}
}
