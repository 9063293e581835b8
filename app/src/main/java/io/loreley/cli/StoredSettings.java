package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.CliSettings;
import io.loreley.agent.ContainmentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.agent.PromptTemplates;
import io.loreley.agent.SchemaMode;
import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.mapelites.sampling.BaseChoice;
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
                values.containsKey("planner") ? within("planner").planner(project.planner()) : null,
                within("evaluator").evaluator(project.evaluator()),
                within("objective").objective(),
                project.budget(),
                within("search").search(),
                within("embedding").embedding());
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
                number("history-size").intValue());
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
