package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** The vector of one blob, paid for once an experiment. An empty vector says that the blob holds nothing to embed. */
@Entity
@Table(name = "map_elites_file_embedding_cache")
@IdClass(MapElitesFileEmbeddingCache.Key.class)
public class MapElitesFileEmbeddingCache extends Timestamped {

    @Id
    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Id
    @Column(name = "blob_sha", nullable = false, length = 64)
    private String blobSha;

    @Id
    @Column(name = "embedding_model", nullable = false)
    private String embeddingModel;

    @Column(name = "dimensions", nullable = false)
    private int dimensions;

    @Column(name = "vector", nullable = false)
    private double[] vector;

    @SuppressWarnings("NullAway.Init")
    protected MapElitesFileEmbeddingCache() {}

    public MapElitesFileEmbeddingCache(
            UUID experimentId, String blobSha, String embeddingModel, int dimensions, double[] vector) {
        this.experimentId = experimentId;
        this.blobSha = blobSha;
        this.embeddingModel = embeddingModel;
        this.dimensions = dimensions;
        this.vector = vector;
    }

    public UUID experimentId() {
        return experimentId;
    }

    public String blobSha() {
        return blobSha;
    }

    /** Model and fingerprint of the text pipeline. */
    public String embeddingModel() {
        return embeddingModel;
    }

    public int dimensions() {
        return dimensions;
    }

    public double[] vector() {
        return vector;
    }

    /** The primary key. */
    public record Key(UUID experimentId, String blobSha, String embeddingModel) implements Serializable {}
}
