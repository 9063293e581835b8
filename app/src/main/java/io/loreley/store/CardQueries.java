package io.loreley.store;

import io.loreley.domain.CommitCard;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.Metric;
import jakarta.data.repository.Insert;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on commit cards, metrics and artifacts. */
@Repository
interface CardQueries {

    @Insert
    void insertCards(List<CommitCard> cards);

    @Insert
    void insertMetrics(List<Metric> metrics);

    @Insert
    void insertArtifacts(List<JobArtifacts> artifacts);

    @Query("from CommitCard c left join fetch c.metrics"
            + " where c.experiment.id = :experiment and c.commitHash = :commit")
    Optional<CommitCard> withMetrics(UUID experiment, String commit);

    @Query("update Metric set value = :value, samples = :samples, deviation = :deviation where id = :id")
    int remeasure(UUID id, double value, int samples, double deviation);
}
