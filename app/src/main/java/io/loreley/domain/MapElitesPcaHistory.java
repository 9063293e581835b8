package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** The embedding of a commit that was offered to an island: what projections are fitted to. */
@Entity
@Table(name = "map_elites_pca_history")
@IdClass(MapElitesPcaHistory.Key.class)
public class MapElitesPcaHistory extends Timestamped {

    @Id
    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Id
    @Column(name = "island_id", nullable = false, length = Limits.ISLAND)
    private String islandId;

    @Id
    @Column(name = "commit_hash", nullable = false, length = 64)
    private String commitHash;

    @Column(name = "vector", nullable = false)
    private double[] vector;

    @Column(name = "embedding_model", nullable = false)
    private String embeddingModel;

    @Column(name = "last_seen_at", nullable = false)
    private double lastSeenAt;

    @SuppressWarnings("NullAway.Init")
    protected MapElitesPcaHistory() {}

    public MapElitesPcaHistory(
            UUID experimentId,
            String islandId,
            String commitHash,
            double[] vector,
            String embeddingModel,
            double lastSeenAt) {
        this.experimentId = experimentId;
        this.islandId = islandId;
        this.commitHash = commitHash;
        this.vector = vector;
        this.embeddingModel = embeddingModel;
        this.lastSeenAt = lastSeenAt;
    }

    public UUID experimentId() {
        return experimentId;
    }

    public String islandId() {
        return islandId;
    }

    public String commitHash() {
        return commitHash;
    }

    public double[] vector() {
        return vector;
    }

    public String embeddingModel() {
        return embeddingModel;
    }

    /** Seconds since the epoch. */
    public double lastSeenAt() {
        return lastSeenAt;
    }

    /** The primary key. */
    public record Key(UUID experimentId, String islandId, String commitHash) implements Serializable {}
}
