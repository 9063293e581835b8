package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.domain.Limits;
import io.loreley.domain.Objective;
import io.loreley.domain.Setting;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.scheduler.BudgetSettings;
import io.loreley.scheduler.SearchSettings;
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

        @Setting(doc = "Who changes the code.") AgentSettings agent,

        @Setting(doc = "Who plans a change before it is made; absent for no planning, or for `agent.plan-command`.")
        @Nullable
        PlannerSettings planner,

        @Setting(doc = "Who measures a candidate.") EvaluatorSettings evaluator,

        @Setting(doc = "What is improved.") Objective objective,

        @Setting(doc = "When a run ends.") BudgetSettings budget,

        @Setting(doc = "How the archive is laid out and drawn from.")
        SearchSettings search,

        @Setting(doc = "Which files tell one candidate from another, and how.")
        EmbeddingSettings embedding) {

    /** What may stand in {@code loreley/best/<name>}. */
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]|\\.(?!\\.|lock$))*(?<=[\\p{L}\\p{N}])");

    public ProjectSettings {
        Limits.requireText("name", name, Limits.NAME);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name '%s' cannot name a branch: letters, digits, '.', '_' and '-', beginning and ending with a letter or digit"
                            .formatted(name));
        }
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
        if (planner != null && agent.planCommand() != null) {
            throw new IllegalArgumentException("planner and agent.plan-command both name who plans: keep one of them");
        }
        constraints.forEach(line -> Limits.requireText("a line of constraints", line, Limits.BULLET));
        acceptanceCriteria.forEach(line -> Limits.requireText("a line of acceptance", line, Limits.BULLET));
    }
}
