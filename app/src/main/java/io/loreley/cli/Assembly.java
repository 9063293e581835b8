package io.loreley.cli;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.CliAgent;
import io.loreley.agent.CommandAgent;
import io.loreley.agent.MutationAgent;
import io.loreley.domain.IslandKey;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.evaluation.CommandEvaluator;
import io.loreley.evaluation.Evaluator;
import io.loreley.process.ProcessRunner;
import io.loreley.scheduler.CircuitBreaker;
import io.loreley.scheduler.DrawJobs;
import io.loreley.scheduler.IngestJobs;
import io.loreley.scheduler.Islands;
import io.loreley.scheduler.JobTemplate;
import io.loreley.scheduler.SchedulerLoop;
import io.loreley.scheduler.SearchSettings;
import io.loreley.store.Archives;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.ExperimentLock;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.Stages;
import io.loreley.worker.ExperimentBrief;
import io.loreley.worker.HubKinship;
import io.loreley.worker.JobPipeline;
import io.loreley.worker.Recorder;
import io.loreley.worker.Requests;
import io.loreley.worker.Slots;
import io.loreley.worker.Worker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a run together: the objects of the scheduler and of the workers, and what joins them. */
final class Assembly {

    /** How long jobs at work may go on after a first signal. */
    private static final Duration SOFT_STOP = Duration.ofSeconds(2);
    /** Unfinished jobs a worker: one at work, one waiting, so that none waits for the scheduler. */
    private static final int UNFINISHED_PER_WORKER = 2;

    private final Wiring wiring;
    private final Wiring.Opened opened;
    private final RunListener listener;
    private final JobQueue queue;
    private final Jobs jobs;
    private volatile @Nullable SchedulerLoop loop;

    Assembly(Wiring wiring, Wiring.Opened opened, RunListener listener) {
        this.wiring = wiring;
        this.opened = opened;
        this.listener = listener;
        this.queue = new JobQueue(opened.id(), wiring.clock());
        this.jobs = new Jobs(opened.database(), queue, wiring.clock());
    }

    Jobs jobs() {
        return jobs;
    }

    void stop() {
        SchedulerLoop running = loop;
        if (running != null) {
            running.stop();
        }
    }

    /** Stops the workers; what does not finish in time is ended and given back. */
    void stopWorkers(JobQueue.Running running) throws InterruptedException {
        running.stop(SOFT_STOP, wiring.programs()::close);
    }

    /** Frees what dead processes of this machine held, ends what they left running, and starts to work on the queue. */
    JobQueue.Running startWorkers() {
        WorkerName name = wiring.name();
        Worker worker = new Worker(
                name.toString(),
                jobs,
                new Stages(opened.database(), wiring.clock()),
                pipeline(),
                Slots.in(wiring.home().workTrees(opened.id()), opened.hub(), wiring.workers()),
                wiring.home().artifacts(opened.id()),
                this::tell);
        jobs.repairQueue(opened.id());
        queue.release(opened.database(), name::knowsDead, worker).forEach(ProcessRunner::sweep);
        return queue.consume(opened.database(), name.toString(), wiring.workers(), worker);
    }

    SchedulerLoop loop(ExperimentLock lock, JobQueue.Running consumers) {
        ProjectSettings settings = settings();
        SearchSettings search = settings.search();
        Archives archives = new Archives(opened.database(), wiring.clock(), search.historySize());
        Islands islands = new Islands(new IslandKey(opened.id(), IslandKey.DEFAULT_ISLAND), search, archives);
        RepositoryEmbedder embedder = new RepositoryEmbedder(
                settings.embedding(),
                opened.hub(),
                new EmbeddingStore(opened.database()),
                new HashingEmbedder(settings.embedding().dimensions()),
                opened.id(),
                opened.source().subfolder(),
                opened.root());
        IngestJobs ingest = new IngestJobs(
                archives, opened.experiments(), embedder, islands, settings.objective(), listener, wiring.clock());
        JobTemplate template = new JobTemplate(
                opened.experiment(),
                opened.root(),
                IslandKey.DEFAULT_ISLAND,
                settings.goal(),
                settings.constraints(),
                settings.acceptanceCriteria());
        DrawJobs draw = new DrawJobs(jobs, islands, template, search, wiring.clock());
        SchedulerLoop made = new SchedulerLoop(
                lock,
                ingest,
                draw,
                jobs,
                islands,
                new CircuitBreaker(jobs, opened.id(), wiring.clock().instant()),
                new SchedulerLoop.Surroundings(
                        UNFINISHED_PER_WORKER * wiring.workers(), consumers::wake, wiring::restartDatabase));
        loop = made;
        return made;
    }

    private JobPipeline pipeline() {
        ProjectSettings settings = settings();
        AgentSettings agent = settings.agent();
        Agent coder = agent(agent);
        ExperimentBrief brief = new ExperimentBrief(
                opened.experiment(),
                settings.goal(),
                settings.constraints(),
                settings.acceptanceCriteria(),
                settings.objective(),
                opened.source().subfolder(),
                agent.timeout(),
                settings.planner() == null
                        ? agent.planTimeout()
                        : settings.planner().timeout());
        Evaluator evaluator = new CommandEvaluator(
                settings.evaluator(),
                settings.objective(),
                opened.project().folder(),
                System.getenv(),
                wiring.programs());
        return new JobPipeline(
                brief,
                opened.hub(),
                planner(settings, coder),
                coder,
                evaluator,
                new Requests(brief, opened.experiments()),
                new Recorder(brief, opened.hub(), wiring.home().artifactStore(), wiring.clock()));
    }

    private @Nullable Agent planner(ProjectSettings settings, Agent coder) {
        if (settings.planner() != null) {
            return agent(settings.planner().asAgent());
        }
        return settings.agent().planCommand() == null ? null : coder;
    }

    private Agent agent(AgentSettings agent) {
        Project project = opened.project();
        return switch (agent.kind()) {
            case CODEX, CLAUDE, GEMINI, OPENCODE, CURSOR ->
                new CliAgent(agent, project.prompts(), wiring.home().agentHomes(), System.getenv(), wiring.programs());
            case COMMAND ->
                new CommandAgent(agent, project.prompts(), project.folder(), System.getenv(), wiring.programs());
            case MUTATION ->
                new MutationAgent(new HubKinship(opened.hub(), opened.source().subfolder()));
        };
    }

    /** Tells the person who watches, and the scheduler that it has something to do. */
    private void tell(RunEvent event) {
        listener.on(event);
        SchedulerLoop running = loop;
        if (running != null && (event instanceof RunEvent.JobSucceeded || event instanceof RunEvent.JobFailed)) {
            running.wake();
        }
    }

    private ProjectSettings settings() {
        return opened.project().settings();
    }
}
