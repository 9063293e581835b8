package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.agent.PooledAgent;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.domain.Setting;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.lineage.MemorySettings;
import io.loreley.llm.LlmSettings;
import io.loreley.scheduler.AgentsStrategy;
import io.loreley.scheduler.BudgetSettings;
import io.loreley.scheduler.SearchSettings;
import io.loreley.worker.CommitSettings;
import io.loreley.worker.PriceSettings;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code loreley.yaml} says: one project, one search. */
public record ProjectSettings(
        @Setting(doc = "A short name for people. It names the best branch and the experiment in lists.")
        String name,

        @Setting(doc = "What the search is to achieve, in plain words. Agents read it in full.")
        String goal,

        @Setting(
                doc = "The repository that evolves: a path, absolute or seen from the project's folder. A Git "
                        + "repository, a folder inside one, or with `import` any folder.",
                fallback = ".")
        String repository,

        @Setting(
                key = "import",
                doc = "Copy the folder into a repository that Loreley manages, and leave the folder untouched.",
                fallback = "false")
        boolean importFolder,

        @Setting(doc = "The commit that the search starts from: a hash, branch or tag.", fallback = "HEAD")
        String root,

        @Setting(doc = "What a candidate must not do. Agents read it.", fallback = "[]")
        List<String> constraints,

        @Setting(key = "acceptance", doc = "What a candidate must achieve. Agents read it.", fallback = "[]")
        List<String> acceptanceCriteria,

        @Setting(
                doc = "What a machine must be able to do to work on it: labels that its workers carry.",
                fallback = "[]")
        List<String> labels,

        @Setting(doc = "Who changes the code.") AgentSettings agent,

        @Setting(doc = "Who plans a change before it is made; absent for no planning, or for `agent.plan-command`.")
        @Nullable
        PlannerSettings planner,

        @Setting(
                doc = "Several agents, instead of `agent`. Each job is given to one of them, and with it planning and "
                        + "coding.",
                fallback = "[]")
        List<PooledAgent> agents,

        @Setting(
                doc =
                        "How the agent of a job is chosen among several: by `weights`, or by a `bandit` that prefers what brings "
                                + "most improvement for its cost.",
                fallback = "weights")
        AgentsStrategy agentsStrategy,

        @Setting(doc = "Who measures a candidate.") EvaluatorSettings evaluator,

        @Setting(doc = "What is improved.") Objective objective,

        @Setting(doc = "When a run ends.") BudgetSettings budget,

        @Setting(doc = "How the archive is laid out and drawn from.")
        SearchSettings search,

        @Setting(doc = "Which files tell one candidate from another, and how.")
        EmbeddingSettings embedding,

        @Setting(doc = "What agents are told of the past.") MemorySettings memory,

        @Setting(doc = "Who commits candidates, and what must not be in one.")
        CommitSettings commit,

        @Setting(doc = "What models cost whose price Loreley does not know, or knows otherwise.", fallback = "[]")
        List<PriceSettings> prices,

        @Setting(doc = "Which language model is asked by Loreley itself. Agents have models of their own.")
        LlmSettings llm) {

    /** The agents that jobs are given to: the only one, or several. */
    public List<PooledAgent> pool() {
        return agents.isEmpty() ? List.of(new PooledAgent(agent.kind().word(), 1, agent)) : agents;
    }

    /** What may stand in {@code loreley/best/<name>}. */
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]|\\.(?!\\.|lock$))*(?<=[\\p{L}\\p{N}])");

    public ProjectSettings {
        requireName(name);
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
        labels = List.copyOf(labels);
        prices = List.copyOf(prices);
        if (planner != null
                && (agent.planCommand() != null
                        || agents.stream().anyMatch(each -> each.agent().planCommand() != null))) {
            throw new IllegalArgumentException("planner and plan-command both name who plans: keep one of them");
        }
        agents = List.copyOf(agents);
        if (agents.stream().map(PooledAgent::name).distinct().count() < agents.size()) {
            throw new IllegalArgumentException("agents: two of them have the same name");
        }
        if (!agents.isEmpty()
                && (agent.kind() != AgentKind.COMMAND || !agent.command().isEmpty())) {
            throw new IllegalArgumentException("agent and agents: give one of the two");
        }
        constraints.forEach(line -> Limits.requireText("a line of constraints", line, Limits.BULLET));
        acceptanceCriteria.forEach(line -> Limits.requireText("a line of acceptance", line, Limits.BULLET));
    }

    /** Refuses a name that cannot be stored, or cannot name the best branch. */
    static void requireName(String name) {
        Limits.requireText("name", name, Limits.NAME);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name '%s' cannot name a branch: letters, digits, '.', '_' and '-', beginning and ending with a letter or digit"
                            .formatted(name));
        }
    }

    /**
     * Refuses a worker that cannot do what this project asks for.
     *
     * @throws LoreleyException of kind CONFIGURATION that names the missing labels
     */
    void requireLabels(List<String> offered) {
        List<String> missing =
                labels.stream().filter(label -> !offered.contains(label)).toList();
        if (!missing.isEmpty()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "project '%s' asks for workers with the labels %s, and this one lacks %s. Start it with --labels %s where that is true."
                            .formatted(name, labels, missing, String.join(",", labels)));
        }
    }
}
