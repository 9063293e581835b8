package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.AgentSettings;
import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.embedding.EmbeddingKind;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.mapelites.sampling.BaseChoice;
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
                StoredEvaluator.read(as(Map.class, "evaluator"), project.evaluator()),
                within("objective").objective(),
                project.budget(),
                within("search").search(project.search()),
                within("embedding").embedding(project.embedding()),
                project.commit(),
                project.prices(),
                project.llm());
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
                number("history-size").intValue());
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
