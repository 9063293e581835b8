package io.loreley.store;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Repository;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Repositories, their experiments, and the cards of an experiment's commits. Safe for many threads. */
public final class Experiments {

    /** The key of {@code extra} that holds a list. */
    private static final String REMOTES = "remotes";

    private final Database database;

    public Experiments(Database database) {
        this.database = database;
    }

    /**
     * Finds the repository of this slug, or creates it; two creators at once get one row. What was learned of it since is
     * added to what is stored, and what was known first stays, so that two machines do not take turns.
     */
    public Repository repository(
            String slug, @Nullable String remoteUrl, @Nullable String rootPath, Map<String, Object> extra) {
        return database.transaction(session -> {
            ExperimentQueries queries = new ExperimentQueries_(session);
            session.createNativeMutationQuery("""
                            INSERT INTO repositories (id, slug, remote_url, root_path, extra)
                            VALUES (:id, :slug, :remoteUrl, :rootPath, cast(:extra AS jsonb)) ON CONFLICT DO NOTHING""")
                    .setParameter("id", UUID.randomUUID())
                    .setParameter("slug", slug)
                    .setParameter("remoteUrl", remoteUrl, String.class)
                    .setParameter("rootPath", rootPath, String.class)
                    .setParameter("extra", JsonText.of(extra))
                    .executeUpdate();
            Repository known = queries.repository(slug).orElseThrow();
            Map<String, Object> all = united(known.extra(), extra);
            boolean isNews = (known.remoteUrl() == null && remoteUrl != null)
                    || (known.rootPath() == null && rootPath != null)
                    || !all.equals(known.extra());
            if (!isNews) {
                return known;
            }
            session.createNativeMutationQuery("""
                            UPDATE repositories SET remote_url = coalesce(remote_url, :remoteUrl),
                                root_path = coalesce(root_path, :rootPath), extra = cast(:extra AS jsonb) WHERE slug = :slug""")
                    .setParameter("slug", slug)
                    .setParameter("remoteUrl", remoteUrl, String.class)
                    .setParameter("rootPath", rootPath, String.class)
                    .setParameter("extra", JsonText.of(all))
                    .executeUpdate();
            return queries.repository(slug).orElseThrow();
        });
    }

    /** Remotes are told apart by their names. */
    private static Map<String, Object> united(Map<String, Object> known, Map<String, Object> learned) {
        Map<String, Object> all = new HashMap<>(learned);
        all.putAll(known);
        if (known.get(REMOTES) instanceof List<?> before && learned.get(REMOTES) instanceof List<?> now) {
            Set<Object> names = before.stream().map(Experiments::name).collect(Collectors.toSet());
            all.put(
                    REMOTES,
                    Stream.concat(before.stream(), now.stream().filter(remote -> !names.contains(name(remote))))
                            .toList());
        }
        return all;
    }

    private static Object name(Object remote) {
        return remote instanceof Map<?, ?> map && map.get("name") instanceof String name ? name : remote;
    }

    public Optional<Experiment> named(Repository repository, String name) {
        return database.read(session -> new ExperimentQueries_(session).named(repository.id(), name));
    }

    public Optional<Experiment> find(ExperimentId id) {
        return database.read(session -> new ExperimentQueries_(session).byId(id.value()));
    }

    /** Those of one project, the one that was opened last first. */
    public List<Experiment> ofProject(Repository repository, String project) {
        return database.read(session -> new ExperimentQueries_(session).ofProject(repository.id(), project));
    }

    /** Notes that an experiment is opened now: it is what the commands of its project are about. */
    public void opened(Experiment experiment) {
        database.transaction(session -> session.createNativeMutationQuery(
                        "UPDATE experiments SET opened_at = clock_timestamp() WHERE id = :id")
                .setParameter("id", experiment.id().value())
                .executeUpdate());
    }

    /** Those of one repository, newest first. */
    public List<Experiment> all(Repository repository) {
        return database.read(session -> new ExperimentQueries_(session).all(repository.id()));
    }

    public void create(Experiment experiment) {
        database.transaction(session -> {
            new ExperimentQueries_(session).insert(experiment);
            return null;
        });
    }

    /**
     * Gives an experiment other settings, as long as it has found nothing, not even its root was recorded, and nobody
     * schedules it under those that it has.
     *
     * @return whether it did
     */
    public boolean redefine(Experiment experiment, String configHash, Map<String, Object> snapshot) {
        return database.transaction(session -> session.createNativeMutationQuery(
                                """
                                UPDATE experiments SET config_hash = :hash, config_snapshot = cast(:snapshot AS jsonb)
                                WHERE id = :id AND NOT EXISTS (SELECT FROM commit_cards WHERE experiment_id = :id)
                                    AND NOT\s""" + ExperimentLock.HELD.formatted(ExperimentLock.key(experiment.id())))
                        .setParameter("hash", configHash)
                        .setParameter("snapshot", JsonText.of(snapshot))
                        .setParameter("id", experiment.id().value())
                        .executeUpdate()
                == 1);
    }

    /** Gives an experiment another name, and so to the project of that name. */
    public void rename(Experiment experiment, String name) {
        database.transaction(session -> session.createNativeMutationQuery(
                        "UPDATE experiments SET name = :name, project = :name WHERE id = :id")
                .setParameter("name", name)
                .setParameter("id", experiment.id().value())
                .executeUpdate());
    }

    /** The card of a commit, with its metrics. */
    public CommitCard card(ExperimentId experiment, CommitHash commit) {
        return database.read(session -> new CardQueries_(session).withMetrics(experiment.value(), commit.value()))
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.DATABASE,
                        "commit %s has no card in experiment %s".formatted(commit.abbreviated(), experiment)));
    }

    /**
     * The cards of a few commits, with their metrics; those without a card are left out. One question for each: a question
     * for a list would be translated anew each time, which takes longer than several.
     */
    public List<CommitCard> cards(ExperimentId experiment, Collection<CommitHash> commits) {
        return database.read(session -> {
            CardQueries cards = new CardQueries_(session);
            return commits.stream()
                    .distinct()
                    .flatMap(commit -> cards.withMetrics(experiment.value(), commit.value()).stream())
                    .toList();
        });
    }
}
