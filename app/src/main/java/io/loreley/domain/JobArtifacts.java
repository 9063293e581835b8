package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the prompts, raw outputs and logs of a job lie, as paths relative to the artifact store. */
@Entity
@Table(name = "job_artifacts")
public class JobArtifacts extends Timestamped {

    @Id
    @Column(name = "job_id")
    private UUID jobId;

    /** Hibernate reads a row without any path as no record at all. */
    @Embedded
    private @Nullable Paths paths;

    @SuppressWarnings("NullAway.Init")
    protected JobArtifacts() {}

    public JobArtifacts(JobId job, Paths paths) {
        this.jobId = job.value();
        this.paths = paths;
    }

    public JobId job() {
        return new JobId(jobId);
    }

    public Paths paths() {
        return paths == null ? Paths.NONE : paths;
    }

    /** One path a kind of artifact; absent where that stage did not run. */
    @Embeddable
    public record Paths(
            @Column(name = "planning_prompt_path", length = Limits.PATH) @Nullable
            String planningPrompt,

            @Column(name = "planning_raw_output_path", length = Limits.PATH) @Nullable
            String planningRawOutput,

            @Column(name = "planning_plan_json_path", length = Limits.PATH) @Nullable
            String planningPlanJson,

            @Column(name = "coding_prompt_path", length = Limits.PATH) @Nullable
            String codingPrompt,

            @Column(name = "coding_raw_output_path", length = Limits.PATH) @Nullable
            String codingRawOutput,

            @Column(name = "coding_execution_json_path", length = Limits.PATH) @Nullable
            String codingExecutionJson,

            @Column(name = "evaluation_json_path", length = Limits.PATH) @Nullable
            String evaluationJson,

            @Column(name = "evaluation_logs_path", length = Limits.PATH) @Nullable
            String evaluationLogs) {

        public static final Paths NONE = new Paths(null, null, null, null, null, null, null, null);
    }
}
