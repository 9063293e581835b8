package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** The light part of an island's state: bounds, grid, projection and knobs. Cells and history lie in their own tables. */
@Entity
@Table(name = "map_elites_states")
@IdClass(MapElitesState.Key.class)
public class MapElitesState extends Timestamped {

    @Id
    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "experiment_id", nullable = false)
    private Experiment experiment;

    @Id
    @Column(name = "island_id", nullable = false, length = Limits.ISLAND)
    private String islandId;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> snapshot;

    @SuppressWarnings("NullAway.Init")
    protected MapElitesState() {}

    public MapElitesState(Experiment experiment, String islandId, Map<String, Object> snapshot) {
        this.experiment = experiment;
        this.islandId = islandId;
        this.snapshot = snapshot;
    }

    public Experiment experiment() {
        return experiment;
    }

    public String islandId() {
        return islandId;
    }

    public Map<String, Object> snapshot() {
        return snapshot;
    }

    /** The primary key. */
    public record Key(UUID experiment, String islandId) implements Serializable {}
}
