package io.loreley.worker;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentRequest.Stage;
import io.loreley.domain.CommitHash;
import io.loreley.domain.JobKind;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.store.JobResult;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One job in one line: work tree → plan → code → commit → evaluate → keep. Everything before the last step can be thrown
 * away; {@link Worker} records what is returned. Safe for many threads, each with an assignment of its own.
 */
public final class JobPipeline {

    private final ExperimentBrief brief;
    private final Hub hub;
    private final @Nullable Agent planner;
    private final Agent coder;
    private final Evaluator evaluator;
    private final Requests requests;
    private final Recorder recorder;

    public JobPipeline(
            ExperimentBrief brief,
            Hub hub,
            @Nullable Agent planner,
            Agent coder,
            Evaluator evaluator,
            Requests requests,
            Recorder recorder) {
        this.brief = brief;
        this.hub = hub;
        this.planner = planner;
        this.coder = coder;
        this.evaluator = evaluator;
        this.requests = requests;
        this.recorder = recorder;
    }

    JobOutcome run(Assignment work, StageWatch stages) throws InterruptedException {
        if (work.job().kind() == JobKind.ROOT) {
            Evaluation evaluation = evaluate(work, work.base(), null, stages);
            hub.keep(recorder.ref(work.base()), work.base());
            return new JobOutcome.Evolved(recorder.root(work, evaluation), objective(evaluation));
        }

        work.slot().code().reset(work.base());
        Optional<AgentReport> plan = plan(work, stages);
        AgentReport report = code(work, plan, stages);

        String tree = work.slot().code().snapshot();
        if (tree.equals(hub.treeOf(work.base()))) {
            return new JobOutcome.Unchanged();
        }
        CommitHash candidate = hub.commit(tree, work.base(), recorder.message(work, report));

        Evaluation evaluation = evaluate(work, candidate, work.base(), stages);
        hub.keep(recorder.ref(candidate), candidate);
        JobResult result = recorder.candidate(work, candidate, plan, report, evaluation);
        return new JobOutcome.Evolved(result, objective(evaluation));
    }

    private Optional<AgentReport> plan(Assignment work, StageWatch stages) throws InterruptedException {
        if (planner == null) {
            return Optional.empty();
        }
        stages.entered("plan");
        AgentReport plan = planner.run(requests.of(Stage.PLAN, work, null), folder(work), work.scratch());
        work.slot().code().reset(work.base());
        return Optional.of(plan);
    }

    private AgentReport code(Assignment work, Optional<AgentReport> plan, StageWatch stages)
            throws InterruptedException {
        stages.entered("code");
        String planned = plan.map(AgentReport::summary).orElse(null);
        return coder.run(requests.of(Stage.CODE, work, planned), folder(work), work.scratch());
    }

    private Evaluation evaluate(Assignment work, CommitHash candidate, @Nullable CommitHash base, StageWatch stages)
            throws InterruptedException {
        stages.entered("evaluate");
        work.slot().evaluate().reset(candidate);
        return evaluator.evaluate(
                new Candidate(
                        candidate,
                        base,
                        work.id().toString(),
                        brief.goal(),
                        work.job().seed()),
                work.slot().evaluate().folder(brief.subfolder()),
                work.scratch());
    }

    private double objective(Evaluation evaluation) {
        return evaluation.value(brief.objective().metric());
    }

    private Path folder(Assignment work) {
        return work.slot().code().folder(brief.subfolder());
    }

    /** Told what an attempt is at. */
    interface StageWatch {
        void entered(String stage);
    }
}
