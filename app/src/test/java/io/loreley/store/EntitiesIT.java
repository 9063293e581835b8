package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitChunkSummary;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.Ingestion;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.MapElitesArchiveCell;
import io.loreley.domain.MapElitesFileEmbeddingCache;
import io.loreley.domain.MapElitesPcaHistory;
import io.loreley.domain.MapElitesRepoStateAggregate;
import io.loreley.domain.MapElitesState;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Repository;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every entity is stored and read as it is, and the rows hang together as the data model says. */
@Execution(ExecutionMode.CONCURRENT)
class EntitiesIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final Repository repository = Rows.repository(1);
    private final Experiment experiment = Rows.experiment(repository, 1);
    private final EvolutionJob job = Rows.job(experiment, 1);
    private final CommitCard card = Rows.card(experiment, job, 1);
    private final UUID experimentId = experiment.id().value();

    @BeforeEach
    void store() {
        in(session -> session.insertMultiple(List.of(repository, experiment, job, card)));
    }

    @Test
    void a_repository_is_read_as_it_was_stored() {
        Repository read = find(Repository.class, repository.id());

        assertSame(repository, read);
        assertThat(read.createdAt()).isNotNull().isEqualTo(read.updatedAt());
    }

    @Test
    void json_of_every_shape_is_read_as_it_was_stored() {
        Map<String, Object> values = new HashMap<>(Map.of(
                "text",
                "naïve \"quoted\" \n 🜂",
                "small",
                7,
                "large",
                1L << 60,
                "larger",
                BigInteger.ONE.shiftLeft(70),
                "real",
                0.1,
                "whole",
                1.0,
                "flag",
                true,
                "list",
                List.of(1, "two", List.of()),
                "object",
                Map.of("a", Map.of())));
        values.put("nothing", null);
        Repository other = new Repository(UUID.randomUUID(), "json", null, null, values);
        in(session -> session.insert(other));

        Map<String, Object> read = find(Repository.class, other.id()).extra();

        assertThat(read).isEqualTo(values);
    }

    @Test
    void an_experiment_is_read_as_it_was_stored_and_reaches_all_that_it_owns() {
        in(session -> session.insert(new MapElitesState(experiment, "main", Map.of())));

        Experiment read = read(session -> {
            Experiment found = session.get(Experiment.class, experimentId);
            List.of(found.repository(), found.jobs(), found.cards(), found.states())
                    .forEach(session::fetch);
            return found;
        });

        assertThat(read.configHash()).isEqualTo(experiment.configHash());
        assertThat(read.configSnapshot()).isEqualTo(experiment.configSnapshot());
        assertThat(read.name()).isEqualTo("experiment-1");
        assertThat(read.status()).isEqualTo("active");
        assertThat(read.repository().slug()).isEqualTo(repository.slug());
        assertThat(read.jobs()).singleElement().extracting(EvolutionJob::id).isEqualTo(job.id());
        assertThat(read.cards()).singleElement().extracting(CommitCard::id).isEqualTo(card.id());
        assertThat(read.states())
                .singleElement()
                .extracting(MapElitesState::islandId)
                .isEqualTo("main");
    }

    @Test
    void a_job_is_read_as_it_was_stored() {
        EvolutionJob read = find(EvolutionJob.class, job.id().value());

        assertThat(read.status()).isEqualTo(JobStatus.PENDING);
        assertThat(read.kind()).isEqualTo(JobKind.EVOLVE);
        assertThat(read.base()).isEqualTo(Rows.commit(0));
        assertThat(read.spec()).isEqualTo(job.spec());
        assertThat(read.sampling()).isEqualTo(job.sampling());
        assertThat(read.ingestion()).isEqualTo(Ingestion.pending());
        assertThat(read.draw()).isEqualTo(1);
        assertThat(read.seed()).isEqualTo(job.seed());
        assertThat(read.priority()).isEqualTo(5);
        assertThat(read.scheduledAt()).isEqualTo(Rows.NOON);
        assertThat(read.attempt()).isZero();
    }

    @Test
    void a_card_is_read_as_it_was_stored_with_its_metrics() {
        Measurement speed = new Measurement("speed", 12.5, "ms", Direction.MINIMIZE, Map.of("runs", List.of(12, 13)));
        in(session -> session.insert(new Metric(UUID.randomUUID(), card, speed)));

        CommitCard read = read(session -> {
            CommitCard found = session.get(CommitCard.class, card.id());
            session.fetch(found.metrics());
            return found;
        });

        assertThat(read.text()).isEqualTo(card.text());
        assertThat(read.commit()).isEqualTo(Rows.commit(1));
        assertThat(read.parent()).isEqualTo(Rows.commit(0));
        assertThat(read.job()).isEqualTo(job.id());
        assertThat(read.metrics())
                .singleElement()
                .extracting(Metric::measurement)
                .isEqualTo(speed);
    }

    @Test
    void a_metric_with_an_empty_detail_is_read_as_it_was_stored() {
        Map<String, Object> details = new HashMap<>();
        details.put("baseline", null);
        Metric metric =
                new Metric(UUID.randomUUID(), card, new Measurement("speed", 1, null, Direction.MAXIMIZE, details));
        in(session -> session.insert(metric));

        assertThat(find(Metric.class, metric.id()).measurement().details()).isEqualTo(details);
    }

    @Test
    void artifacts_are_read_as_they_were_stored() {
        var paths = new JobArtifacts.Paths("plan/prompt.md", null, null, "code/prompt.md", null, null, "e.json", null);
        in(session -> session.insert(new JobArtifacts(job.id(), paths)));

        assertThat(find(JobArtifacts.class, job.id().value()).paths()).isEqualTo(paths);
    }

    @Test
    void artifacts_of_a_job_without_any_are_none() {
        in(session -> session.insert(new JobArtifacts(job.id(), JobArtifacts.Paths.NONE)));

        assertThat(find(JobArtifacts.class, job.id().value()).paths()).isEqualTo(JobArtifacts.Paths.NONE);
    }

    @Test
    void a_chunk_summary_is_read_as_it_was_stored() {
        var summary = new CommitChunkSummary(experimentId, "a", "b", 8, "model", 3, "three steps");
        in(session -> session.insert(summary));

        assertSame(
                summary,
                find(CommitChunkSummary.class, new CommitChunkSummary.Key(experimentId, "a", "b", 8, "model")));
    }

    @Test
    void the_state_of_an_island_is_read_as_it_was_stored() {
        Map<String, Object> snapshot = Map.of("schema_version", 2, "bounds", List.of(List.of(-1.5, 2.5)));
        in(session -> session.insert(new MapElitesState(experiment, "main", snapshot)));

        assertThat(find(MapElitesState.class, new MapElitesState.Key(experimentId, "main"))
                        .snapshot())
                .isEqualTo(snapshot);
    }

    @Test
    void an_archive_cell_is_read_as_it_was_stored() {
        var cell = new MapElitesArchiveCell(
                experimentId, "main", 1L << 40, "c", -0.25, new double[] {0.5, 1}, new double[0], 12.5, 3);
        in(session -> session.insert(cell));

        assertSame(
                cell, find(MapElitesArchiveCell.class, new MapElitesArchiveCell.Key(experimentId, "main", 1L << 40)));
    }

    @Test
    void history_cache_and_aggregates_are_read_as_they_were_stored() {
        double[] vector = {Double.MIN_VALUE, -0.0, Math.PI, 1e300};
        var history = new MapElitesPcaHistory(experimentId, "main", "c", vector, "hashing", 1.5);
        var cached = new MapElitesFileEmbeddingCache(experimentId, "blob", "hashing", 4, vector);
        var aggregate = new MapElitesRepoStateAggregate(experimentId, "c", "hashing", 2, vector);
        in(session -> session.insertMultiple(List.of(history, cached, aggregate)));

        assertSame(history, find(MapElitesPcaHistory.class, new MapElitesPcaHistory.Key(experimentId, "main", "c")));
        assertSame(
                cached,
                find(
                        MapElitesFileEmbeddingCache.class,
                        new MapElitesFileEmbeddingCache.Key(experimentId, "blob", "hashing")));
        assertSame(
                aggregate,
                find(MapElitesRepoStateAggregate.class, new MapElitesRepoStateAggregate.Key(experimentId, "c")));
    }

    @Test
    void a_bulk_statement_moves_updated_at_and_leaves_created_at() {
        Experiment before = find(Experiment.class, experimentId);
        in(session -> session.createNativeMutationQuery("UPDATE experiments SET status = 'paused'")
                .executeUpdate());

        Experiment after = find(Experiment.class, experimentId);

        assertThat(after.updatedAt()).isAfter(before.updatedAt());
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
    }

    @Test
    void an_experiment_takes_all_but_its_jobs_with_it() {
        in(session -> {
            session.insertMultiple(List.of(
                    new Metric(UUID.randomUUID(), card, new Measurement("m", 1, null, Direction.MAXIMIZE, Map.of())),
                    new MapElitesState(experiment, "main", Map.of()),
                    new MapElitesPcaHistory(experimentId, "main", "c", new double[] {1}, "hashing", 1)));
            session.delete(experiment);
        });

        assertThat(count("commit_cards")
                        + count("metrics")
                        + count("map_elites_states")
                        + count("map_elites_pca_history"))
                .isZero();
        assertThat(find(EvolutionJob.class, job.id().value()).experiment()).isNull();
    }

    @Test
    void a_repository_takes_its_experiments_with_it() {
        in(session -> session.delete(repository));

        assertThat(count("experiments")).isZero();
    }

    @Test
    void a_job_takes_its_artifacts_with_it_and_leaves_its_card() {
        in(session -> {
            session.insert(new JobArtifacts(job.id(), JobArtifacts.Paths.NONE));
            session.delete(job);
        });

        assertThat(count("job_artifacts")).isZero();
        assertThat(find(CommitCard.class, card.id()).job()).isNull();
    }

    private static void assertSame(Object stored, Object read) {
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("createdAt", "updatedAt", "experiments")
                .isEqualTo(stored);
    }

    private <T> T find(Class<T> type, Object id) {
        return read(session -> session.get(type, id));
    }

    private long count(String table) {
        return read(session -> session.createNativeQuery("SELECT count(*) FROM " + table, Long.class)
                .getSingleResult());
    }

    private void in(java.util.function.Consumer<StatelessSession> work) {
        read(session -> {
            work.accept(session);
            return true;
        });
    }

    private <T> T read(Function<StatelessSession, T> work) {
        return postgres.database().transaction(work);
    }
}
