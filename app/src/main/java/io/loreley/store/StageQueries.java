package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.JobStage;
import io.loreley.domain.JobStatus;
import io.loreley.domain.StageName;
import io.loreley.domain.StageOutcome;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements on stages. Those of a worker expect that its attempt still holds the job. */
@Repository
interface StageQueries {

    @Query("from JobStage s where s.jobId = :job order by s.attempt, s.createdAt")
    List<JobStage> of(UUID job);

    @Query("from JobStage s where s.jobId = :job and s.outcome = :succeeded order by s.attempt")
    List<JobStage> finished(UUID job, StageOutcome succeeded);

    @Query(
            "update JobStage s set s.outcome = :outcome, s.failureKind = :kind, s.message = :message, s.endedAt = :now"
                    + " where s.jobId = :job and s.attempt = :attempt and s.stage = :stage"
                    + " and exists (select 1 from EvolutionJob j where j.id = :job and j.status = :running and j.attempt = :attempt)")
    int end(
            UUID job,
            int attempt,
            StageName stage,
            StageOutcome outcome,
            @Nullable FailureKind kind,
            @Nullable String message,
            JobStatus running,
            Instant now);
}
