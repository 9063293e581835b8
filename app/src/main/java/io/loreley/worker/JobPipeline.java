package io.loreley.worker;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentRequest;
import io.loreley.agent.Meter;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStage;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.StageName;
import io.loreley.domain.Verdict;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.EvaluationJson;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.git.WorkTree;
import io.loreley.store.DatabaseUnavailableException;
import io.loreley.store.JobResult;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job in one line: work tree → plan → code → commit → evaluate → keep. Each stage is in the {@link StageLedger} when
 * it ended, so that another attempt goes on from there; {@link Worker} records what is returned. Safe for many threads,
 * each with an assignment of its own.
 */
public final class JobPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(JobPipeline.class);

    private final ExperimentBrief brief;
    private final Hub hub;
    private final Agents agents;
    private final Examiners examiners;
    private final Requests requests;
    private final Recorder recorder;
    private final CommitGuard guard;
    private final CandidateRefs refs;
    private final Patience patience = new Patience();

    public JobPipeline(
            ExperimentBrief brief,
            CandidateRefs refs,
            Agents agents,
            Examiners examiners,
            Requests requests,
            Recorder recorder,
            CommitGuard guard) {
        this.brief = brief;
        this.hub = refs.hub();
        this.agents = agents;
        this.examiners = examiners;
        this.requests = requests;
        this.recorder = recorder;
        this.guard = guard;
        this.refs = refs;
    }

    JobOutcome run(Assignment work, StageLedger ledger) throws InterruptedException {
        refs.require(work.base());
        work.job().inspirations().forEach(refs::require);
        return switch (work.job().kind()) {
            case ROOT -> root(work, ledger);
            case SEED, EVOLVE -> candidate(work, ledger);
            case REMEASURE -> measuredAgain(work, ledger);
            case HOLDOUT -> new JobOutcome.HeldOut(work.base(), reasonToFail(work, ledger));
        };
    }

    private JobOutcome root(Assignment work, StageLedger ledger) throws InterruptedException {
        Evaluation evaluation = evaluate(work, work.base(), null, examiners.evaluator(), ledger);
        requireValid(evaluation);
        refs.publish(work.base());
        proposeDirections(work, evaluation, ledger);
        return new JobOutcome.Evolved(recorder.root(work, evaluation, ledger), objective(evaluation));
    }

    private JobOutcome measuredAgain(Assignment work, StageLedger ledger) throws InterruptedException {
        Evaluation evaluation = evaluate(work, work.base(), null, examiners.evaluator(), ledger);
        return evaluation.verdict().isAccepted()
                ? new JobOutcome.Remeasured(work.base(), evaluation.metrics(), objective(evaluation))
                : new JobOutcome.Failed(
                        FailureKind.EVALUATOR_OUTPUT,
                        "Measured again, the commit is %s; it was accepted before."
                                .formatted(evaluation.verdict().describe()));
    }

    private JobOutcome candidate(Assignment work, StageLedger ledger) throws InterruptedException {
        Optional<AgentReport> plan = plan(work, ledger);
        Coded coded = code(work, plan, ledger);
        CommitHash candidate = coded.candidate();
        if (candidate == null) {
            return new JobOutcome.Unchanged();
        }
        Evaluation evaluation = evaluate(work, candidate, work.base(), examiners.evaluator(), ledger);
        refs.publish(work.id(), candidate);
        JobResult result = recorder.candidate(work, candidate, plan, coded.report(), evaluation, ledger);
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

    /** Stored as the root's plan, from which the seeds are drawn. A planner that fails leaves them the general list. */
    private void proposeDirections(Assignment work, Evaluation root, StageLedger ledger) throws InterruptedException {
        Agents.Arm arm = agents.of(work.job());
        Agent planner = arm.planner();
        if (brief.directions() == 0 || planner == null) {
            return;
        }
        try {
            ledger.stage(
                    StageName.PLAN,
                    agents.label(work.job(), planner),
                    earlier -> Optional.of(AgentReport.of(earlier.result())),
                    meter -> {
                        AgentReport proposal = draft(
                                work,
                                planner,
                                requests.toPropose(work, hub.info(work.base()).subject(), root, arm.planLimit()),
                                meter);
                        return new StageLedger.Entry<>(proposal, proposal.json(), null);
                    });
        } catch (LoreleyException e) {
            if (e.kind() == FailureKind.INTERRUPTED || e instanceof DatabaseUnavailableException) {
                throw e;
            }
            LOG.atWarn().addKeyValue("job", work.id()).setCause(e).log("directions.not-proposed");
        }
    }

    private Optional<AgentReport> plan(Assignment work, StageLedger ledger) throws InterruptedException {
        Agents.Arm arm = agents.of(work.job());
        Agent planner = arm.planner();
        if (planner == null) {
            return Optional.empty();
        }
        return Optional.of(ledger.stage(
                StageName.PLAN,
                agents.label(work.job(), planner),
                earlier -> Optional.of(AgentReport.of(earlier.result())),
                meter -> {
                    AgentReport plan = draft(work, planner, requests.toPlan(work, arm.planLimit(), meter), meter);
                    Optional<String> deadEnd = requests.repeated(work, plan.summary());
                    if (deadEnd.isPresent()) {
                        LOG.atInfo().addKeyValue("job", work.id()).log("plan.sent-back");
                        work.keepAside("plan", "plan-draft");
                        plan = draft(
                                work,
                                planner,
                                requests.toPlanAgain(work, plan.summary(), deadEnd.get(), arm.planLimit(), meter),
                                meter);
                    }
                    return new StageLedger.Entry<>(plan, plan.json(), null);
                }));
    }

    private AgentReport draft(Assignment work, Agent planner, AgentRequest request, Meter meter)
            throws InterruptedException {
        work.slot().code().reset(work.base());
        return planner.run(request, folder(work), work.scratch(), meter);
    }

    /** The files that the agent left, as a commit that is kept from now on; or none, if they are the base's. */
    private Coded code(Assignment work, Optional<AgentReport> plan, StageLedger ledger) throws InterruptedException {
        Agents.Arm arm = agents.of(work.job());
        Agent coder = arm.coder();
        return ledger.stage(StageName.CODE, agents.label(work.job(), coder), this::codedBefore, meter -> {
            WorkTree tree = work.slot().code();
            tree.reset(work.base());
            String planned = plan.map(AgentReport::inFull).orElse(null);
            AgentReport report = coder.run(
                    requests.toCode(work, planned, arm.codeLimit(), meter), folder(work), work.scratch(), meter);
            CommitHash candidate = patience.askGit(() -> keep(work, plan, report));
            return new StageLedger.Entry<>(new Coded(report, candidate), report.json(), candidate);
        });
    }

    /** The agent was paid for what lies in its tree, so that this is tried until the disk has room for it. */
    private @Nullable CommitHash keep(Assignment work, Optional<AgentReport> plan, AgentReport report) {
        String left = work.slot().code().snapshot();
        if (left.equals(hub.treeOf(work.base()))) {
            return null;
        }
        guard.check(work.base(), left);
        CommitHash candidate = hub.commit(left, work.base(), recorder.message(work, plan, report));
        refs.quarantine(work.id(), candidate);
        return candidate;
    }

    /** Of no use if its commit cannot be had here. */
    private Optional<Coded> codedBefore(JobStage earlier) {
        CommitHash candidate = earlier.commit();
        if (candidate == null || refs.obtained(candidate)) {
            return Optional.of(new Coded(AgentReport.of(earlier.result()), candidate));
        }
        LOG.atWarn()
                .addKeyValue("job", earlier.job())
                .addKeyValue("commit", candidate)
                .log("candidate.lost");
        return Optional.empty();
    }

    /** Why the base fails the hold-out, which it does, too, if it cannot be measured; null if it passes. */
    private @Nullable String reasonToFail(Assignment work, StageLedger ledger) throws InterruptedException {
        try {
            Verdict verdict = evaluate(work, work.base(), null, examiners.requireHoldout(), ledger)
                    .verdict();
            return verdict.isAccepted() ? null : verdict.describe();
        } catch (LoreleyException e) {
            if (e.kind().origin() != FailureKind.Origin.CANDIDATE) {
                throw e;
            }
            return String.valueOf(e.getMessage());
        }
    }

    private Evaluation evaluate(
            Assignment work, CommitHash commit, @Nullable CommitHash base, Evaluator evaluator, StageLedger ledger)
            throws InterruptedException {
        return ledger.stage(StageName.EVALUATE, null, earlier -> evaluatedBefore(earlier, commit), meter -> {
            Evaluation evaluation = evaluator.evaluate(
                    new Candidate(
                            commit,
                            base,
                            work.id().toString(),
                            brief.goal(),
                            work.job().seed(),
                            work.job().kind() == JobKind.REMEASURE),
                    checked -> checkOut(work.slot().evaluate(), checked),
                    work.scratch());
            return new StageLedger.Entry<>(evaluation, EvaluationJson.of(evaluation), commit);
        });
    }

    /** Of no use if it measured another commit, which was coded before this one had to be coded again. */
    private static Optional<Evaluation> evaluatedBefore(JobStage earlier, CommitHash commit) {
        return commit.equals(earlier.commit()) ? Optional.of(EvaluationJson.read(earlier.result())) : Optional.empty();
    }

    private Path checkOut(WorkTree tree, CommitHash commit) {
        tree.reset(commit);
        return tree.folder(brief.subfolder());
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
