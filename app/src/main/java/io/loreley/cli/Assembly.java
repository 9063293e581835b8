package io.loreley.cli;

import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.CliAgent;
import io.loreley.agent.CommandAgent;
import io.loreley.agent.MutationAgent;
import io.loreley.agent.PlannerSettings;
import io.loreley.agent.PooledAgent;
import io.loreley.domain.CommitHash;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.embedding.Embedder;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.git.Remote;
import io.loreley.lineage.Memory;
import io.loreley.lineage.ModelSummarizer;
import io.loreley.process.ProcessRunner;
import io.loreley.scheduler.AgentChoice;
import io.loreley.scheduler.AgentsStrategy;
import io.loreley.scheduler.CircuitBreaker;
import io.loreley.scheduler.Directions;
import io.loreley.scheduler.DrawJobs;
import io.loreley.scheduler.IngestJobs;
import io.loreley.scheduler.Islands;
import io.loreley.scheduler.JobTemplate;
import io.loreley.scheduler.MigrateElites;
import io.loreley.scheduler.ObserveCommits;
import io.loreley.scheduler.SchedulerLoop;
import io.loreley.scheduler.SearchSettings;
import io.loreley.store.Archives;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.Expenses;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Holdouts;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.Lineages;
import io.loreley.store.MigrationLog;
import io.loreley.store.Retention;
import io.loreley.store.SentProjects;
import io.loreley.store.Stages;
import io.loreley.store.Workers;
import io.loreley.worker.Agents;
import io.loreley.worker.CandidateRefs;
import io.loreley.worker.CommitGuard;
import io.loreley.worker.ExperimentBrief;
import io.loreley.worker.FreeSpace;
import io.loreley.worker.HubKinship;
import io.loreley.worker.Janitor;
import io.loreley.worker.JobPipeline;
import io.loreley.worker.Lookout;
import io.loreley.worker.PriceTable;
import io.loreley.worker.Recorder;
import io.loreley.worker.Requests;
import io.loreley.worker.SecretPatterns;
import io.loreley.worker.Slots;
import io.loreley.worker.Worker;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a run together: the objects of the scheduler and of the workers, and what joins them. */
final class Assembly {

    /** Unfinished jobs a worker: one at work, one waiting, so that none waits for the scheduler. */
    private static final int UNFINISHED_PER_WORKER = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final Wiring wiring;
    private final Wiring.Opened opened;
    private final RunListener listener;
    private final BestBranch best;
    private final JobQueue queue;
    private final Jobs jobs;
    private final Workers register;
    private final Controls controls;
    private final Judges judges;
    private volatile @Nullable SchedulerLoop loop;

    Assembly(Wiring wiring, Wiring.Opened opened, RunListener listener) {
        this.wiring = wiring;
        this.opened = opened;
        this.listener = listener;
        this.best = new BestBranch(listener, hasHoldout(), this::publishBest);
        this.queue = new JobQueue(opened.id(), wiring.clock());
        this.jobs = new Jobs(opened.database(), queue, wiring.clock());
        this.controls = new Controls(opened.database());
        this.judges = new Judges(wiring, opened);
        this.register = new Workers(opened.database());
    }

    /** Names this process, for people and in the queue. */
    String name() {
        return wiring.name().toString();
    }

    String bestBranch() {
        return "loreley/best/" + opened.name();
    }

    /**
     * Makes the best branch name a commit.
     *
     * @return the repository that holds it
     */
    String publishBest(CommitHash commit) {
        return opened.hub().publishBranch(opened.source(), bestBranch(), commit);
    }

    /** Waits until nothing older than what was found last can be published any more. */
    void finishPublishing() {
        best.close();
    }

    /** Whether a second evaluator says what may be published. */
    boolean hasHoldout() {
        return settings().evaluator().holdout() != null;
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

    /** Frees what dead processes of this machine held, ends what they left running, and starts to work on the queue. */
    Crew startWorkers() {
        Confinement.shortfalls(settings()).forEach(this::warn);
        WorkerName name = wiring.name();
        Slots slots = Slots.in(
                wiring.home().workTrees(opened.id()),
                opened.hub(),
                wiring.workers(),
                settings().commit().leaveOut());
        Worker worker = new Worker(
                name.toString(),
                jobs,
                new Stages(
                        opened.database(),
                        wiring.clock(),
                        PriceTable.with(settings().prices())::priced),
                pipeline(),
                slots,
                wiring.home().artifacts(opened.id()),
                this::tell);
        jobs.repairQueue(opened.id());
        queue.release(opened.database(), name::knowsDead, worker).forEach(ProcessRunner::sweep);
        ProcessRunner.sweepTemporary(name::knowsDead);
        wiring.home().sweepAgentHomes(name);
        register.enter(
                new Workers.Introduction(
                        name.toString(),
                        name.host(),
                        name.pid(),
                        Version.current(),
                        wiring.membership().labels(),
                        wiring.workers()),
                opened.id());
        JobQueue.Running claims = queue.consume(
                opened.database(),
                name.toString(),
                wiring.workers(),
                wiring.membership().heartbeat(),
                worker);
        Lookout lookout = new Lookout(
                register,
                name.toString(),
                worker,
                wiring.programs()::interrupt,
                claims,
                new FreeSpace(wiring.home().folder()),
                listener);
        Thread.ofVirtual().name("lookout").start(lookout);
        return new Crew.Here(
                claims,
                lookout,
                register,
                slots,
                name.toString(),
                new Crew.Here.Stop(wiring.membership().softLimit(), wiring.programs()::interruptAll));
    }

    /** Sends the project to the git remote, if there is one, for workers without its folder. */
    void sendProject(ExperimentLock lock) {
        Remote remote = opened.remote();
        if (remote != null) {
            lock.verify();
            new ProjectTransport(new SentProjects(lock.fenced()), opened.hub(), remote)
                    .send(opened.id(), opened.project(), wiring.environment());
        }
    }

    private void warn(RunEvent.Loose loose) {
        LOG.atWarn()
                .addKeyValue("programs", loose.programs())
                .addKeyValue("shortfall", loose.shortfall())
                .log("programs.loose");
        listener.on(loose);
    }

    /** Takes away what ended jobs left, now and every few minutes, until it is closed. */
    Janitor startJanitor() {
        Janitor janitor = new Janitor(
                opened.id(),
                opened.hub(),
                opened.remote(),
                new Stages(opened.database(), wiring.clock()),
                wiring.home().workTrees(),
                RetentionOptions.ofEnvironment(wiring.environment()).artifactAge(),
                this::removeOldFiles,
                wiring.clock());
        Thread.ofVirtual().name("janitor").start(janitor);
        return janitor;
    }

    private void removeOldFiles() {
        ArtifactRetention.Swept swept = new ArtifactRetention(
                        new Retention(opened.database(), false),
                        new ArtifactFolders(wiring.home().artifactStore()),
                        RetentionOptions.ofEnvironment(wiring.environment()),
                        false)
                .sweep(wiring.clock().instant());
        LOG.atInfo()
                .addKeyValue("jobs", swept.jobs())
                .addKeyValue("bytes", swept.bytes())
                .log("janitor.swept-files");
    }

    /** @param onDispatch tells workers of this process that there is something to claim */
    SchedulerLoop loop(ExperimentLock lock, Embedder embedder, Runnable onDispatch) {
        ProjectSettings settings = settings();
        SearchSettings search = settings.search();
        Database fenced = lock.fenced();
        Jobs written = new Jobs(fenced, queue, wiring.clock());
        Archives archives = new Archives(fenced, wiring.clock(), search.historySize());
        MigrationLog log = new MigrationLog(fenced, wiring.clock(), search.historySize());
        Islands islands = new Islands(opened.id(), search, archives, log, judges.contest());
        RepositoryEmbedder commits = new RepositoryEmbedder(
                settings.embedding(),
                opened.hub(),
                new EmbeddingStore(fenced),
                embedder,
                opened.id(),
                opened.source().subfolder(),
                opened.root());
        IngestJobs ingest = new IngestJobs(
                archives,
                new ObserveCommits(opened.id(), opened.experiments(), commits, settings.objective(), search),
                islands,
                new MigrateElites(log, islands, search, wiring.clock()),
                best,
                wiring.clock());
        JobTemplate template = new JobTemplate(
                opened.experiment(),
                opened.root(),
                settings.goal(),
                settings.constraints(),
                settings.acceptanceCriteria(),
                new Directions(search.directions(), () -> new Lineages(opened.database()).proposal(opened.id())));
        DrawJobs draw = new DrawJobs(written, islands, template, choice(), this::toHoldOut, search, wiring.clock());
        SchedulerLoop made = new SchedulerLoop(
                lock,
                ingest,
                draw,
                written,
                islands,
                new CircuitBreaker(jobs, opened.id(), wiring.clock(), listener),
                new SchedulerLoop.Surroundings(
                        // One where nobody works yet: workers that take whatever waits come for it.
                        () -> Math.max(1, UNFINISHED_PER_WORKER * register.slots(opened.id())),
                        () -> controls.isPaused(opened.id()),
                        () -> controls.marks(opened.id()),
                        onDispatch,
                        wiring::restartDatabase));
        loop = made;
        return made;
    }

    private Optional<CommitHash> toHoldOut() {
        return hasHoldout()
                ? new Holdouts(opened.database()).next(opened.id(), settings().objective())
                : Optional.empty();
    }

    private JobPipeline pipeline() {
        ProjectSettings settings = settings();
        ExperimentBrief brief = new ExperimentBrief(
                opened.experiment(),
                settings.goal(),
                settings.constraints(),
                settings.acceptanceCriteria(),
                settings.objective(),
                opened.source().subfolder(),
                directions(settings.search()));
        return new JobPipeline(
                brief,
                new CandidateRefs(opened.hub(), opened.remote(), opened.id()),
                new Agents(settings.pool().stream().map(this::arm).toList()),
                judges.examiners(),
                new Requests(brief, opened.experiments(), controls, memory()),
                new Recorder(brief, opened.hub(), wiring.home().artifactStore(), settings.commit(), wiring.clock()),
                new CommitGuard(
                        settings.commit(),
                        opened.hub(),
                        new SecretPatterns(settings.commit().secrets(), wiring.environment())));
    }

    /** How many the planner is asked for: one for each seed of all islands, as far as a plan holds so many. */
    private static int directions(SearchSettings search) {
        boolean isAsked = search.proposeDirections() && search.directions().isEmpty();
        return isAsked ? (int) Math.min(AgentReport.NOTES, (long) search.seeds() * search.islands()) : 0;
    }

    private Memory memory() {
        return new Memory(
                settings().memory(),
                settings().objective(),
                new Lineages(opened.database()),
                wiring.models(opened)
                        .completions(away -> LOG.atWarn().setCause(away).log("llm.away"))
                        .map(ModelSummarizer::new)
                        .orElse(null),
                wiring.clock());
    }

    private AgentChoice choice() {
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        settings().pool().forEach(agent -> weights.put(agent.name(), agent.weight()));
        return new AgentChoice(weights, settings().agentsStrategy(), new Expenses(opened.database()), opened.id());
    }

    private Agents.Arm arm(PooledAgent pooled) {
        AgentSettings settings = pooled.agent();
        Agent agent = agent(settings);
        PlannerSettings planner = settings().planner();
        return planner == null
                ? new Agents.Arm(
                        pooled.name(),
                        settings.planCommand() == null ? null : agent,
                        agent,
                        settings.planTimeout(),
                        settings.timeout())
                : new Agents.Arm(pooled.name(), agent(planner.asAgent()), agent, planner.timeout(), settings.timeout());
    }

    private Agent agent(AgentSettings agent) {
        Project project = opened.project();
        return switch (agent.kind()) {
            case CODEX, CLAUDE, GEMINI, OPENCODE, CURSOR ->
                new CliAgent(
                        agent,
                        project.prompts(),
                        wiring.home().agentHomes(wiring.name()),
                        wiring.environment(),
                        judges.unknowing());
            case COMMAND ->
                new CommandAgent(
                        agent,
                        project.prompts(),
                        project.folder(),
                        wiring.environment(),
                        judges.unknowing(),
                        settings().budget().costUsd() != null || settings().agentsStrategy() == AgentsStrategy.BANDIT);
            case MUTATION ->
                new MutationAgent(new HubKinship(opened.hub(), opened.source().subfolder()));
        };
    }

    /** Tells the person who watches, and the scheduler that it has something to do. */
    private void tell(RunEvent event) {
        listener.on(event);
        SchedulerLoop running = loop;
        if (running != null
                && (event instanceof RunEvent.JobSucceeded
                        || event instanceof RunEvent.JobRejected
                        || event instanceof RunEvent.JobHeldOut
                        || event instanceof RunEvent.JobFailed)) {
            running.wake();
        }
    }

    private ProjectSettings settings() {
        return opened.project().settings();
    }
}
