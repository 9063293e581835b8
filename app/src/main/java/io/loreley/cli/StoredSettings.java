package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.CliSettings;
import io.loreley.agent.ContainmentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.agent.PooledAgent;
import io.loreley.agent.PromptTemplates;
import io.loreley.agent.SchemaMode;
import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.embedding.EmbeddingKind;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.lineage.MemorySettings;
import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.scheduler.AgentsStrategy;
import io.loreley.scheduler.ArchiveKind;
import io.loreley.scheduler.SearchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the settings that define a search back from the JSON values they were stored as. */
final class StoredSettings {

    /** The axes of every experiment from before there was a choice. */
    static final List<String> LEARNED = List.of("learned");

    private final Map<?, ?> values;

    StoredSettings(Map<?, ?> values) {
        this.values = values;
    }

    ProjectSettings appliedTo(ProjectSettings project) {
        return new ProjectSettings(
                project.name(),
                text("goal"),
                project.repository(),
                project.importFolder(),
                text("root"),
                texts("constraints"),
                texts("acceptance"),
                project.labels(),
                within("agent").agent(project.agent()),
                values.containsKey("planner") ? within("planner").planner(project.planner()) : null,
                values.containsKey("agents") ? pool(project) : List.of(),
                values.containsKey("agents-strategy")
                        ? AgentsStrategy.valueOf(text("agents-strategy").toUpperCase(Locale.ROOT))
                        : AgentsStrategy.WEIGHTS,
                StoredEvaluator.read(as(Map.class, "evaluator"), project.evaluator()),
                within("objective").objective(),
                project.budget(),
                within("search").search(project.search()),
                within("embedding").embedding(project.embedding()),
                values.containsKey("memory") ? within("memory").memory() : MemorySettings.OFF,
                project.commit(),
                project.prices(),
                project.llm());
    }

    /** What is the machine's of each agent is taken from the project's agent of the same name. */
    private List<PooledAgent> pool(ProjectSettings project) {
        return ((List<?>) as(List.class, "agents"))
                .stream()
                        .map(each -> new StoredSettings((Map<?, ?>) each))
                        .map(each -> new PooledAgent(
                                each.text("name"),
                                each.number("weight").doubleValue(),
                                each.within("agent")
                                        .agent(project.agents().stream()
                                                .filter(own -> own.name().equals(each.text("name")))
                                                .findFirst()
                                                .map(PooledAgent::agent)
                                                .orElse(project.agent()))))
                        .toList();
    }

    private MemorySettings memory() {
        return new MemorySettings(
                number("steps").intValue(),
                number("chunk-steps").intValue(),
                number("chunks").intValue(),
                number("attempts").intValue(),
                number("repeat-similarity").doubleValue());
    }

    private AgentSettings agent(AgentSettings machine) {
        return new AgentSettings(
                AgentKind.valueOf(text("kind").toUpperCase(Locale.ROOT)),
                values.containsKey("model") ? text("model") : null,
                schemaMode(),
                cli(machine.cli()),
                texts("command"),
                values.containsKey("plan-command") ? texts("plan-command") : null,
                machine.timeout(),
                machine.planTimeout(),
                machine.passEnvironment(),
                machine.limits());
    }

    /** @param machine absent if the project's file no longer has a planner; the usual limits hold then */
    private PlannerSettings planner(@Nullable PlannerSettings machine) {
        return new PlannerSettings(
                AgentKind.valueOf(text("kind").toUpperCase(Locale.ROOT)),
                values.containsKey("model") ? text("model") : null,
                schemaMode(),
                cli(machine == null ? CliSettings.USUAL : machine.cli()),
                texts("command"),
                machine == null ? PlannerSettings.USUAL_TIME : machine.timeout(),
                machine == null ? List.of() : machine.passEnvironment(),
                machine == null ? ContainmentSettings.USUAL : machine.limits());
    }

    private SchemaMode schemaMode() {
        return values.containsKey("schema-mode")
                ? SchemaMode.valueOf(text("schema-mode").toUpperCase(Locale.ROOT))
                : SchemaMode.LENIENT;
    }

    private CliSettings cli(CliSettings machine) {
        return new CliSettings(
                machine.program(),
                values.containsKey("arguments") ? texts("arguments") : List.of(),
                machine.keyVariable(),
                machine.baseUrl());
    }

    PromptTemplates prompts() {
        if (!values.containsKey("prompts")) {
            return PromptTemplates.BUILT_IN;
        }
        StoredSettings prompts = within("prompts");
        return new PromptTemplates(
                prompts.values.containsKey("plan") ? prompts.text("plan") : null,
                prompts.values.containsKey("code") ? prompts.text("code") : null);
    }

    private Objective objective() {
        List<Objective.Aim> also = new ArrayList<>();
        for (Object aim : optionalList("also")) {
            StoredSettings stored = new StoredSettings((Map<?, ?>) aim);
            also.add(new Objective.Aim(stored.text("metric"), stored.direction()));
        }
        List<Requirement> require = optionalList("require").stream()
                .map(text -> Requirement.parse((String) text))
                .toList();
        return new Objective(text("metric"), direction(), also, require);
    }

    private Direction direction() {
        return Direction.valueOf(text("direction").toUpperCase(Locale.ROOT));
    }

    private List<?> optionalList(String key) {
        return values.containsKey(key) ? as(List.class, key) : List.of();
    }

    private SearchSettings search(SearchSettings project) {
        boolean tessellated = values.containsKey("archive");
        boolean archipelago = values.containsKey("islands");
        return new SearchSettings(
                number("seed").longValue(),
                number("seeds").intValue(),
                number("inspirations").intValue(),
                values.containsKey("measures") ? texts("measures") : LEARNED,
                number("dimensions").intValue(),
                tessellated ? ArchiveKind.valueOf(text("archive").toUpperCase(Locale.ROOT)) : ArchiveKind.GRID,
                number("cells-per-dimension").intValue(),
                tessellated ? number("cells").intValue() : project.cells(),
                archipelago ? number("islands").intValue() : 1,
                archipelago ? number("migration-interval").intValue() : project.migrationInterval(),
                archipelago ? number("migrants").intValue() : project.migrants(),
                BaseChoice.valueOf(text("strategy").toUpperCase(Locale.ROOT)),
                number("neighbor-radius").intValue(),
                number("neighbor-max-radius").intValue(),
                number("min-fit-samples").intValue(),
                number("history-size").intValue(),
                values.containsKey("directions") ? texts("directions") : List.of(),
                values.containsKey("propose-directions"));
    }

    private EmbeddingSettings embedding(EmbeddingSettings machine) {
        boolean asked = values.containsKey("kind");
        return new EmbeddingSettings(
                asked ? EmbeddingKind.valueOf(text("kind").toUpperCase(Locale.ROOT)) : EmbeddingKind.HASHING,
                asked ? text("model") : machine.model(),
                machine.baseUrl(),
                machine.batch(),
                texts("extensions"),
                texts("names"),
                texts("excluded"),
                number("max-file-kilobytes").intValue(),
                as(Boolean.class, "strip-comments"),
                number("chunk-lines").intValue(),
                number("dimensions").intValue());
    }

    private StoredSettings within(String key) {
        return new StoredSettings(as(Map.class, key));
    }

    private String text(String key) {
        return as(String.class, key);
    }

    private Number number(String key) {
        return as(Number.class, key);
    }

    private List<String> texts(String key) {
        return ((List<?>) as(List.class, key)).stream().map(String.class::cast).toList();
    }

    private <T> T as(Class<T> type, String key) {
        @Nullable Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw new IllegalStateException("the stored settings hold %s under '%s', not a %s"
                    .formatted(value, key, type.getSimpleName().toLowerCase(Locale.ROOT)));
        }
        return type.cast(value);
    }
}
