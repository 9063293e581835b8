package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One search within a repository: the settings that define it, and everything that it found. */
@Entity
@Table(name = "experiments")
public class Experiment extends Timestamped {

    @Id
    private UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "repository_id", nullable = false)
    private Repository repository;

    @Column(name = "config_hash", nullable = false, length = 64)
    private String configHash;

    @Column
    private @Nullable String name;

    @Column
    private @Nullable String project;

    @Column(name = "opened_at", nullable = false, insertable = false, updatable = false)
    private @Nullable Instant openedAt;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "config_snapshot", nullable = false)
    private Map<String, Object> configSnapshot;

    @Column(length = 32)
    private @Nullable String status;

    @OneToMany(mappedBy = "experiment")
    private List<EvolutionJob> jobs = new ArrayList<>();

    @OneToMany(mappedBy = "experiment")
    private List<CommitCard> cards = new ArrayList<>();

    @OneToMany(mappedBy = "experiment")
    private List<MapElitesState> states = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    protected Experiment() {}

    /** The first experiment of a project, which it shares its name with. */
    public Experiment(
            ExperimentId id,
            Repository repository,
            String configHash,
            @Nullable String name,
            Map<String, Object> configSnapshot,
            @Nullable String status) {
        this(id, repository, configHash, name, name, configSnapshot, status);
    }

    /** @param project whose experiment it is; the name tells it from others of that project */
    public Experiment(
            ExperimentId id,
            Repository repository,
            String configHash,
            @Nullable String name,
            @Nullable String project,
            Map<String, Object> configSnapshot,
            @Nullable String status) {
        this.id = id.value();
        this.repository = repository;
        this.configHash = configHash;
        this.name = name;
        this.project = project;
        this.configSnapshot = configSnapshot;
        this.status = status;
    }

    public ExperimentId id() {
        return new ExperimentId(id);
    }

    public Repository repository() {
        return repository;
    }

    /** SHA-256 of the canonical JSON of the snapshot, 64 hexadecimal digits. */
    public String configHash() {
        return configHash;
    }

    public @Nullable String name() {
        return name;
    }

    /** The name that the project's file gives it, whichever of the project's experiments this is. */
    public @Nullable String project() {
        return project;
    }

    /** When a run or a worker of the project opened it last. Absent unless the row was read from the database. */
    public @Nullable Instant openedAt() {
        return openedAt;
    }

    /** The settings that define the search, as they were when it began. */
    public Map<String, Object> configSnapshot() {
        return configSnapshot;
    }

    public @Nullable String status() {
        return status;
    }

    /** Loaded only where a query fetches them. */
    public List<EvolutionJob> jobs() {
        return jobs;
    }

    /** Loaded only where a query fetches them. */
    public List<CommitCard> cards() {
        return cards;
    }

    /** Loaded only where a query fetches them. */
    public List<MapElitesState> states() {
        return states;
    }
}
