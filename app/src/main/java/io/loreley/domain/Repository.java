package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A source repository, known by a stable slug: the top of the data model. */
@Entity
@Table(name = "repositories")
public class Repository extends Timestamped {

    @Id
    private UUID id;

    @Column(nullable = false, unique = true)
    private String slug;

    @Column(name = "remote_url", length = 1024)
    private @Nullable String remoteUrl;

    @Column(name = "root_path", length = 1024)
    private @Nullable String rootPath;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> extra;

    @OneToMany(mappedBy = "repository")
    private List<Experiment> experiments = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    protected Repository() {}

    public Repository(
            UUID id, String slug, @Nullable String remoteUrl, @Nullable String rootPath, Map<String, Object> extra) {
        this.id = id;
        this.slug = slug;
        this.remoteUrl = remoteUrl;
        this.rootPath = rootPath;
        this.extra = extra;
    }

    public UUID id() {
        return id;
    }

    /** Host and path of the canonical remote URL, or the absolute path of a repository without one; lower case. */
    public String slug() {
        return slug;
    }

    /** The canonical remote URL, without credentials. */
    public @Nullable String remoteUrl() {
        return remoteUrl;
    }

    /** Where the repository was first seen on a machine. */
    public @Nullable String rootPath() {
        return rootPath;
    }

    /** Canonical origin, root path, remotes. */
    public Map<String, Object> extra() {
        return extra;
    }

    /** Loaded only where a query fetches them. */
    public List<Experiment> experiments() {
        return experiments;
    }
}
