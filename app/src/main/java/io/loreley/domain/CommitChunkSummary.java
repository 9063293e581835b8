package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** A summary of a chunk of a lineage, cached by the model that wrote it. */
@Entity
@Table(name = "commit_chunk_summaries")
@IdClass(CommitChunkSummary.Key.class)
public class CommitChunkSummary extends Timestamped {

    @Id
    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Id
    @Column(name = "start_commit_hash", nullable = false, length = 64)
    private String startCommitHash;

    @Id
    @Column(name = "end_commit_hash", nullable = false, length = 64)
    private String endCommitHash;

    @Id
    @Column(name = "block_size", nullable = false)
    private int blockSize;

    @Id
    @Column(name = "model", nullable = false)
    private String model;

    @Column(name = "step_count", nullable = false)
    private int stepCount;

    @Column(name = "summary", nullable = false, columnDefinition = "text")
    private String summary;

    @SuppressWarnings("NullAway.Init")
    protected CommitChunkSummary() {}

    public CommitChunkSummary(
            UUID experimentId,
            String startCommitHash,
            String endCommitHash,
            int blockSize,
            String model,
            int stepCount,
            String summary) {
        this.experimentId = experimentId;
        this.startCommitHash = startCommitHash;
        this.endCommitHash = endCommitHash;
        this.blockSize = blockSize;
        this.model = model;
        this.stepCount = stepCount;
        this.summary = summary;
    }

    public UUID experimentId() {
        return experimentId;
    }

    public String startCommitHash() {
        return startCommitHash;
    }

    public String endCommitHash() {
        return endCommitHash;
    }

    public int blockSize() {
        return blockSize;
    }

    public String model() {
        return model;
    }

    public int stepCount() {
        return stepCount;
    }

    public String summary() {
        return summary;
    }

    /** The primary key. */
    public record Key(UUID experimentId, String startCommitHash, String endCommitHash, int blockSize, String model)
            implements Serializable {}
}
