package io.loreley.store;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import jakarta.data.repository.Find;
import jakarta.data.repository.Insert;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The questions about jobs, checked when they are compiled. A list as a parameter would have its statement translated anew
 * each time, which costs more than the statement.
 *
 * <p>What a constraint already says is said again where a partial index needs it: {@code completedAt is null} of every
 * open job. The status is a parameter, of which a generic plan knows nothing.
 */
@Repository
interface JobQueries {

    @Insert
    void insert(EvolutionJob job);

    @Find
    Optional<EvolutionJob> byId(UUID id);

    @Query("from EvolutionJob j join fetch j.experiment where j.id = :id")
    Optional<EvolutionJob> withExperiment(UUID id);

    /** For more than one: {@code = SOME (array)} is membership in PostgreSQL, the same statement to it whatever the number. */
    @Query("from EvolutionJob j join fetch j.experiment where j.id = function('some' as java.util.UUID, :ids)")
    List<EvolutionJob> withExperiments(UUID[] ids);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.kind = :kind"
            + " order by j.scheduledAt desc, j.id limit 1")
    Optional<EvolutionJob> latest(UUID experiment, JobKind kind);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null")
    List<EvolutionJob> open(UUID experiment);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null"
            + " and j.status <> :pending")
    List<EvolutionJob> dispatched(UUID experiment, JobStatus pending);

    @Query("select count(j) from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null"
            + " and j.status = :status")
    long countOpen(UUID experiment, JobStatus status);

    @Query("select coalesce(max(j.draw) + 1, 0) from EvolutionJob j where j.experiment.id = :experiment")
    long nextDraw(UUID experiment);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.status = :succeeded"
            + " and j.completedAt is not null and j.resultCommitHash is not null"
            + " and (j.ingestion.status is null or j.ingestion.status = 'failed')"
            + " and j.ingestion.attempts < :maxAttempts"
            + " and (j.ingestion.nextAttemptAt is null or j.ingestion.nextAttemptAt <= :now)"
            + " order by j.completedAt, j.id limit :limit")
    List<EvolutionJob> toIngest(UUID experiment, JobStatus succeeded, int maxAttempts, Instant now, int limit);

    @Query("select count(j) from EvolutionJob j where j.experiment.id = :experiment and j.status = :succeeded"
            + " and j.completedAt is not null and j.resultCommitHash is not null"
            + " and (j.ingestion.status is null or j.ingestion.status = 'failed')"
            + " and j.ingestion.attempts < :maxAttempts")
    long awaitingIngestion(UUID experiment, JobStatus succeeded, int maxAttempts);
}
