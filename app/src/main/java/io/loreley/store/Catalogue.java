package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.uuid;

import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The repositories and experiments of a database, for those who look at them. Needs no session factory. */
public final class Catalogue {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String EXPERIMENT = """
            SELECT e.id, e.name, e.config_hash, e.status, e.config_snapshot, e.created_at, e.updated_at,
                r.id AS repository_id, r.slug,
                (SELECT coalesce(sum(jobs), 0) FROM evolution_job_counts c WHERE c.experiment_id = e.id) AS jobs
            FROM experiments e JOIN repositories r ON r.id = e.repository_id""";

    private final Database database;

    public Catalogue(Database database) {
        this.database = database;
    }

    /** A source repository. */
    public record RepositoryLine(
            UUID id,
            String slug,
            @Nullable String remoteUrl,
            @Nullable String rootPath,
            JsonNode extra,
            long experiments,
            @Nullable Instant createdAt,
            @Nullable Instant updatedAt) {}

    /**
     * An experiment with its settings.
     *
     * @param settings as stored, JSON
     */
    public record Entry(
            ExperimentId id,
            String name,
            UUID repositoryId,
            String repository,
            String configHash,
            @Nullable String status,
            long jobs,
            JsonNode settings,
            @Nullable Instant createdAt,
            @Nullable Instant updatedAt) {

        public String goal() {
            return settings.path("goal").asString("");
        }

        /** What is improved; absent in experiments of other versions. */
        public Optional<Objective> objective() {
            JsonNode stored = settings.path("objective");
            return stored.path("metric").isString()
                    ? Optional.of(new Objective(
                            stored.path("metric").asString(),
                            direction(stored),
                            stored.path("also")
                                    .valueStream()
                                    .map(aim ->
                                            new Objective.Aim(aim.path("metric").asString(), direction(aim)))
                                    .toList(),
                            stored.path("require")
                                    .valueStream()
                                    .map(text -> Requirement.parse(text.asString()))
                                    .toList()))
                    : Optional.empty();
        }

        private static Direction direction(JsonNode aim) {
            return Direction.valueOf(aim.path("direction").asString("maximize").toUpperCase(Locale.ROOT));
        }

        public Optional<String> root() {
            return settings.path("root").isString()
                    ? Optional.of(settings.path("root").asString())
                    : Optional.empty();
        }

        /** The axes of an archive; 0 if the settings do not say. */
        public int dimensions() {
            return axes().size();
        }

        /** What each axis of the archive shows: a metric's name, or that it was learned. */
        public List<String> axes() {
            List<String> axes = new ArrayList<>();
            int learned = 0;
            for (Optional<String> metric : measures()) {
                axes.add(metric.isPresent() ? metric.get() : "learned " + ++learned);
            }
            return axes;
        }

        /** The metric of each axis of the archive; empty for one that is learned. */
        List<Optional<String>> measures() {
            JsonNode search = settings.path("search");
            int learned = search.path("dimensions").asInt(0);
            List<String> named = search.path("measures").isArray()
                    ? search.path("measures")
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList()
                    : List.of("learned");
            List<Optional<String>> measures = new ArrayList<>();
            for (String measure : named) {
                if (measure.strip().equals("learned")) {
                    measures.addAll(Collections.nCopies(learned, Optional.empty()));
                } else {
                    measures.add(Optional.of(
                            measure.replaceFirst(" (from|to) .*", "").strip()));
                }
            }
            return measures;
        }

        /** Along each axis; 0 if there are no such steps, as in a tessellation. */
        public int cellsPerDimension() {
            return isTessellation() ? 0 : search("cells-per-dimension").asInt(0);
        }

        /** All cells of one archive; 0 if the settings do not say. */
        public long cells() {
            if (isTessellation()) {
                return search("cells").asLong(0);
            }
            return dimensions() == 0 ? 0 : Math.round(StrictMath.pow(cellsPerDimension(), dimensions()));
        }

        /** The cells of the archives of all islands. */
        public long totalCells() {
            return cells() * search("islands").asInt(1);
        }

        private boolean isTessellation() {
            return search("archive").asString("").equals("cvt");
        }

        private JsonNode search(String key) {
            return settings.path("search").path(key);
        }
    }

    /** Newest first. */
    public List<RepositoryLine> repositories() {
        return new Question(database, "the repositories")
                .add("""
                        SELECT r.*, (SELECT count(*) FROM experiments e WHERE e.repository_id = r.id) AS experiments
                        FROM repositories r ORDER BY created_at DESC, id""")
                .list(rows -> new RepositoryLine(
                        uuid(rows, "id"),
                        rows.getString("slug"),
                        rows.getString("remote_url"),
                        rows.getString("root_path"),
                        JSON.readTree(rows.getString("extra")),
                        rows.getLong("experiments"),
                        instant(rows, "created_at"),
                        instant(rows, "updated_at")));
    }

    /** Newest first. */
    public List<Entry> experiments() {
        return new Question(database, "the experiments")
                .add(EXPERIMENT)
                .add("ORDER BY e.created_at DESC, e.id")
                .list(Catalogue::entry);
    }

    public Optional<Entry> find(ExperimentId id) {
        return new Question(database, "experiment " + id)
                .add(EXPERIMENT)
                .add("WHERE e.id = ?", id.value())
                .first(Catalogue::entry);
    }

    /** The experiment of a project, in the repository of this slug, that was opened last. */
    public Optional<Entry> ofProject(String slug, String project) {
        return new Question(database, "the experiment of project " + project)
                .add(EXPERIMENT)
                .add("WHERE r.slug = ? AND e.project = ? ORDER BY e.opened_at DESC, e.id LIMIT 1", slug, project)
                .first(Catalogue::entry);
    }

    private static Entry entry(ResultSet rows) throws SQLException {
        String name = rows.getString("name");
        ExperimentId id = new ExperimentId(uuid(rows, "id"));
        return new Entry(
                id,
                name == null ? id.toString().substring(0, 8) : name,
                uuid(rows, "repository_id"),
                rows.getString("slug"),
                rows.getString("config_hash"),
                rows.getString("status"),
                rows.getLong("jobs"),
                JSON.readTree(rows.getString("config_snapshot")),
                instant(rows, "created_at"),
                instant(rows, "updated_at"));
    }
}
