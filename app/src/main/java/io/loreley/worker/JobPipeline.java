package io.loreley.worker;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentRequest.Stage;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStage;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.StageName;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.EvaluationJson;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.git.WorkTree;
import io.loreley.store.JobResult;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One job in one line: work tree → plan → code → commit → evaluate → keep. Each stage is in the {@link StageLedger} when
 * it ended, so that another attempt goes on from there; {@link Worker} records what is returned. Safe for many threads,
 * each with an assignment of its own.
 */
public final class JobPipeline {

    private final ExperimentBrief brief;
    private final Hub hub;
    private final @Nullable Agent planner;
    private final Agent coder;
    private final Evaluator evaluator;
    private final Requests requests;
    private final Recorder recorder;
    private final CommitGuard guard;
    private final CandidateRefs refs;

    public JobPipeline(
            ExperimentBrief brief,
            Hub hub,
            @Nullable Agent planner,
            Agent coder,
            Evaluator evaluator,
            Requests requests,
            Recorder recorder,
            CommitGuard guard) {
        this.brief = brief;
        this.hub = hub;
        this.planner = planner;
        this.coder = coder;
        this.evaluator = evaluator;
        this.requests = requests;
        this.recorder = recorder;
        this.guard = guard;
        this.refs = new CandidateRefs(hub, brief.experiment().id());
    }

    JobOutcome run(Assignment work, StageLedger ledger) throws InterruptedException {
        if (work.job().kind() == JobKind.ROOT) {
            Evaluation evaluation = evaluate(work, work.base(), null, ledger);
            requireValid(evaluation);
            refs.publish(work.base());
            return new JobOutcome.Evolved(recorder.root(work, evaluation), objective(evaluation));
        }

        Optional<AgentReport> plan = plan(work, ledger);
        Coded coded = code(work, plan, ledger);
        CommitHash candidate = coded.candidate();
        if (candidate == null) {
            return new JobOutcome.Unchanged();
        }
        Evaluation evaluation = evaluate(work, candidate, work.base(), ledger);
        refs.publish(work.id(), candidate);
        JobResult result = recorder.candidate(work, candidate, plan, coded.report(), evaluation);
        return evaluation.verdict().isAccepted()
                ? new JobOutcome.Evolved(result, objective(evaluation))
                : new JobOutcome.Rejected(result, evaluation.verdict().describe());
    }

    /** A search cannot start from a commit that may not compete. */
    private static void requireValid(Evaluation root) {
        if (!root.verdict().isAccepted()) {
            throw new LoreleyException(
                    FailureKind.ROOT_INVALID,
                    "The root commit does not pass what every candidate must: it is %s. Loosen the gates and objective.require, or start from another root."
                            .formatted(root.verdict().describe()));
        }
    }

    private Optional<AgentReport> plan(Assignment work, StageLedger ledger) throws InterruptedException {
        if (planner == null) {
            return Optional.empty();
        }
        return Optional.of(ledger.stage(
                StageName.PLAN, planner.name(), earlier -> Optional.of(AgentReport.of(earlier.result())), meter -> {
                    work.slot().code().reset(work.base());
                    AgentReport plan =
                            planner.run(requests.of(Stage.PLAN, work, null), folder(work), work.scratch(), meter);
                    return new StageLedger.Entry<>(plan, plan.json(), null);
                }));
    }

    /** The files that the agent left, as a commit that is kept from now on; or none, if they are the base's. */
    private Coded code(Assignment work, Optional<AgentReport> plan, StageLedger ledger) throws InterruptedException {
        return ledger.stage(StageName.CODE, coder.name(), this::codedBefore, meter -> {
            WorkTree tree = work.slot().code();
            tree.reset(work.base());
            String planned = plan.map(AgentReport::inFull).orElse(null);
            AgentReport report = coder.run(requests.of(Stage.CODE, work, planned), folder(work), work.scratch(), meter);
            String left = tree.snapshot();
            if (left.equals(hub.treeOf(work.base()))) {
                return new StageLedger.Entry<>(new Coded(report, null), report.json(), null);
            }
            guard.check(work.base(), left);
            CommitHash candidate = hub.commit(left, work.base(), recorder.message(work, plan, report));
            refs.quarantine(work.id(), candidate);
            return new StageLedger.Entry<>(new Coded(report, candidate), report.json(), candidate);
        });
    }

    /** Of no use if its commit cannot be had here. */
    private Optional<Coded> codedBefore(JobStage earlier) {
        CommitHash candidate = earlier.commit();
        return candidate == null || hub.contains(candidate)
                ? Optional.of(new Coded(AgentReport.of(earlier.result()), candidate))
                : Optional.empty();
    }

    private Evaluation evaluate(Assignment work, CommitHash commit, @Nullable CommitHash base, StageLedger ledger)
            throws InterruptedException {
        return ledger.stage(
                StageName.EVALUATE, null, earlier -> Optional.of(EvaluationJson.read(earlier.result())), meter -> {
                    WorkTree tree = work.slot().evaluate();
                    tree.reset(commit);
                    Evaluation evaluation = evaluator.evaluate(
                            new Candidate(
                                    commit,
                                    base,
                                    work.id().toString(),
                                    brief.goal(),
                                    work.job().seed()),
                            tree.folder(brief.subfolder()),
                            work.scratch());
                    return new StageLedger.Entry<>(evaluation, EvaluationJson.of(evaluation), null);
                });
    }

    private double objective(Evaluation evaluation) {
        return evaluation.value(brief.objective().metric());
    }

    private Path folder(Assignment work) {
        return work.slot().code().folder(brief.subfolder());
    }

    /** What coding brought: what the agent said, and the commit of what it left, if it left anything new. */
    private record Coded(AgentReport report, @Nullable CommitHash candidate) {}
}
