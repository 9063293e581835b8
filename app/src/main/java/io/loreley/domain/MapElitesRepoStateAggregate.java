package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** The sum of the file vectors of a commit; the embedding of the commit is this sum over the count. */
@Entity
@Table(name = "map_elites_repo_state_aggregates")
@IdClass(MapElitesRepoStateAggregate.Key.class)
public class MapElitesRepoStateAggregate extends Timestamped {

    @Id
    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Id
    @Column(name = "commit_hash", nullable = false, length = 64)
    private String commitHash;

    @Column(name = "embedding_model", nullable = false)
    private String embeddingModel;

    @Column(name = "file_count", nullable = false)
    private int fileCount;

    @Column(name = "sum_vector", nullable = false)
    private double[] sumVector;

    @SuppressWarnings("NullAway.Init")
    protected MapElitesRepoStateAggregate() {}

    public MapElitesRepoStateAggregate(
            UUID experimentId, String commitHash, String embeddingModel, int fileCount, double[] sumVector) {
        this.experimentId = experimentId;
        this.commitHash = commitHash;
        this.embeddingModel = embeddingModel;
        this.fileCount = fileCount;
        this.sumVector = sumVector;
    }

    public UUID experimentId() {
        return experimentId;
    }

    public String commitHash() {
        return commitHash;
    }

    /** What the vectors were made with and how files were chosen. */
    public String embeddingModel() {
        return embeddingModel;
    }

    public int fileCount() {
        return fileCount;
    }

    public double[] sumVector() {
        return sumVector;
    }

    /** The primary key. */
    public record Key(UUID experimentId, String commitHash) implements Serializable {}
}
