package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.PooledAgent;
import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.lineage.MemorySettings;
import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.scheduler.AgentsStrategy;
import io.loreley.scheduler.SearchSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the settings that define a search back from the JSON values they were stored as. */
final class StoredSettings {

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
                within("agent").agent(project.agent()),
                values.containsKey("agents") ? pool(project) : List.of(),
                values.containsKey("agents-strategy")
                        ? AgentsStrategy.valueOf(text("agents-strategy").toUpperCase(Locale.ROOT))
                        : AgentsStrategy.WEIGHTS,
                within("evaluator").evaluator(project.evaluator()),
                within("objective").objective(),
                project.budget(),
                within("search").search(),
                within("embedding").embedding(),
                values.containsKey("memory") ? within("memory").memory() : MemorySettings.OFF,
                project.commit(),
                project.prices());
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
                texts("command"),
                values.containsKey("plan-command") ? texts("plan-command") : null,
                machine.timeout(),
                machine.planTimeout(),
                machine.passEnvironment());
    }

    private EvaluatorSettings evaluator(EvaluatorSettings machine) {
        return new EvaluatorSettings(
                texts("command"), machine.timeout(), machine.maxMetrics(), machine.passEnvironment());
    }

    private Objective objective() {
        return new Objective(text("metric"), Direction.valueOf(text("direction").toUpperCase(Locale.ROOT)));
    }

    private SearchSettings search() {
        return new SearchSettings(
                number("seed").longValue(),
                number("seeds").intValue(),
                number("inspirations").intValue(),
                number("dimensions").intValue(),
                number("cells-per-dimension").intValue(),
                BaseChoice.valueOf(text("strategy").toUpperCase(Locale.ROOT)),
                number("neighbor-radius").intValue(),
                number("neighbor-max-radius").intValue(),
                number("min-fit-samples").intValue(),
                number("history-size").intValue(),
                values.containsKey("directions") ? texts("directions") : List.of());
    }

    private EmbeddingSettings embedding() {
        return new EmbeddingSettings(
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
