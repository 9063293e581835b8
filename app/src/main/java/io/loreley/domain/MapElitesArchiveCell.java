package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** One occupied cell of an archive, with its elite. Written in bulk by {@code store}; read through here where one row is meant. */
@Entity
@Table(name = "map_elites_archive_cells")
@IdClass(MapElitesArchiveCell.Key.class)
public class MapElitesArchiveCell extends Timestamped {

    @Id
    @Column(name = "experiment_id", nullable = false)
    private UUID experimentId;

    @Id
    @Column(name = "island_id", nullable = false, length = Limits.ISLAND)
    private String islandId;

    @Id
    @Column(name = "cell_index", nullable = false)
    private long cellIndex;

    @Column(name = "commit_hash", nullable = false, length = 64)
    private String commitHash;

    @Column(name = "objective", nullable = false)
    private double objective;

    @Column(name = "measures", nullable = false)
    private double[] measures;

    @Column(name = "solution", nullable = false)
    private double[] solution;

    @Column(name = "timestamp", nullable = false)
    private double timestamp;

    @Column(name = "projection_version", nullable = false)
    private int projectionVersion;

    @SuppressWarnings("NullAway.Init")
    protected MapElitesArchiveCell() {}

    public MapElitesArchiveCell(
            UUID experimentId,
            String islandId,
            long cellIndex,
            String commitHash,
            double objective,
            double[] measures,
            double[] solution,
            double timestamp,
            int projectionVersion) {
        this.experimentId = experimentId;
        this.islandId = islandId;
        this.cellIndex = cellIndex;
        this.commitHash = commitHash;
        this.objective = objective;
        this.measures = measures;
        this.solution = solution;
        this.timestamp = timestamp;
        this.projectionVersion = projectionVersion;
    }

    public UUID experimentId() {
        return experimentId;
    }

    public String islandId() {
        return islandId;
    }

    public long cellIndex() {
        return cellIndex;
    }

    public String commitHash() {
        return commitHash;
    }

    /** On a scale where higher is better. */
    public double objective() {
        return objective;
    }

    /** Where the commit lies in the behaviour space, one value an axis. */
    public double[] measures() {
        return measures;
    }

    /** The point that was placed; the measures, in this system. */
    public double[] solution() {
        return solution;
    }

    /** When it was placed, seconds since the epoch. */
    public double timestamp() {
        return timestamp;
    }

    /** The projection that the measures belong to; those of different versions cannot be compared. */
    public int projectionVersion() {
        return projectionVersion;
    }

    /** The primary key. */
    public record Key(UUID experimentId, String islandId, long cellIndex) implements Serializable {}
}
