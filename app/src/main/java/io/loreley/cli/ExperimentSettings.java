package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.PromptTemplates;
import io.loreley.agent.SchemaMode;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.scheduler.SearchSettings;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings that define a search. Two runs with equal ones continue the same experiment; with others, what one found
 * says nothing about the other.
 *
 * <p>Not among them: the name and the budget, which say nothing on what is searched; time limits, metric limits and
 * passed environment variables, which say what a machine can do; everything of the machine itself. Commands keep
 * {@code ${project}} as it is written, so that a moved checkout stays the same experiment. The repository is not here
 * because an experiment belongs to its repository's row.
 */
public final class ExperimentSettings {

    /** The shape of {@link #snapshot}; the Python system's was 1. */
    private static final int SCHEMA_VERSION = 2;

    private final Map<String, Object> snapshot;

    private ExperimentSettings(Map<String, Object> snapshot) {
        this.snapshot = Collections.unmodifiableMap(new TreeMap<>(snapshot));
    }

    /**
     * The search that the settings of a project define.
     *
     * @param prompts the project's own templates
     * @param root the commit that {@code root} named when the experiment began
     * @param subfolder the part of the repository that is searched, empty for all of it
     */
    public static ExperimentSettings of(
            ProjectSettings settings, PromptTemplates prompts, CommitHash root, String subfolder) {
        Map<String, Object> snapshot = new TreeMap<>();
        snapshot.put("experiment_snapshot_schema_version", SCHEMA_VERSION);
        snapshot.put("goal", settings.goal());
        snapshot.put("constraints", settings.constraints());
        snapshot.put("acceptance", settings.acceptanceCriteria());
        snapshot.put("root", root.value());
        snapshot.put("subfolder", subfolder);
        snapshot.put("agent", agent(settings.agent()));
        if (settings.planner() != null) {
            snapshot.put("planner", agent(settings.planner().asAgent()));
        }
        if (!prompts.equals(PromptTemplates.BUILT_IN)) {
            snapshot.put("prompts", prompts(prompts));
        }
        snapshot.put("evaluator", evaluator(settings.evaluator()));
        snapshot.put("objective", objective(settings.objective()));
        snapshot.put("search", search(settings.search()));
        snapshot.put("embedding", embedding(settings.embedding()));
        return new ExperimentSettings(snapshot);
    }

    /** What an experiment was stored with. */
    public static ExperimentSettings stored(Map<String, Object> snapshot) {
        return new ExperimentSettings(snapshot);
    }

    /**
     * The settings of a project as they would be had they defined this search: what the snapshot holds from the snapshot,
     * the rest from the project.
     *
     * @throws LoreleyException of kind CONFIGURATION if the snapshot was not made by this version
     */
    public ProjectSettings appliedTo(ProjectSettings project) {
        if (!Objects.equals(snapshot.get("experiment_snapshot_schema_version"), SCHEMA_VERSION)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "experiment '%s' was stored by another version of Loreley (schema %s, not %d); start it anew with --new-experiment"
                            .formatted(
                                    project.name(),
                                    snapshot.get("experiment_snapshot_schema_version"),
                                    SCHEMA_VERSION));
        }
        return new StoredSettings(snapshot).appliedTo(project);
    }

    /** The templates that prompts are made of. */
    public PromptTemplates prompts() {
        return new StoredSettings(snapshot).prompts();
    }

    private static Map<String, Object> agent(AgentSettings agent) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("kind", agent.kind().word());
        keys.put("command", agent.command());
        if (agent.planCommand() != null) {
            keys.put("plan-command", agent.planCommand());
        }
        // Absent where they are as usual, so that the experiments of older versions stay what they are.
        if (agent.model() != null) {
            keys.put("model", agent.model());
        }
        if (agent.schemaMode() != SchemaMode.LENIENT) {
            keys.put("schema-mode", agent.schemaMode().word());
        }
        if (!agent.cli().arguments().isEmpty()) {
            keys.put("arguments", agent.cli().arguments());
        }
        return keys;
    }

    private static Map<String, Object> prompts(PromptTemplates prompts) {
        Map<String, Object> keys = new TreeMap<>();
        if (prompts.plan() != null) {
            keys.put("plan", prompts.plan());
        }
        if (prompts.code() != null) {
            keys.put("code", prompts.code());
        }
        return keys;
    }

    private static Map<String, Object> evaluator(EvaluatorSettings evaluator) {
        return Map.of("command", evaluator.command());
    }

    private static Map<String, Object> objective(Objective objective) {
        return Map.of(
                "metric", objective.metric(),
                "direction", objective.direction().name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> search(SearchSettings search) {
        return Map.of(
                "seed", search.seed(),
                "seeds", search.seeds(),
                "inspirations", search.inspirations(),
                "dimensions", search.dimensions(),
                "cells-per-dimension", search.cellsPerDimension(),
                "strategy", search.strategy().word(),
                "neighbor-radius", search.neighborRadius(),
                "neighbor-max-radius", search.neighborMaxRadius(),
                "min-fit-samples", search.minFitSamples(),
                "history-size", search.historySize());
    }

    private static Map<String, Object> embedding(EmbeddingSettings embedding) {
        return Map.of(
                "extensions", embedding.extensions(),
                "names", embedding.names(),
                "excluded", embedding.excluded(),
                "max-file-kilobytes", embedding.maxFileKilobytes(),
                "strip-comments", embedding.stripComments(),
                "chunk-lines", embedding.chunkLines(),
                "dimensions", embedding.dimensions());
    }

    /** JSON values under the keys of {@code loreley.yaml}; stored in {@code experiments.config_snapshot}. */
    public Map<String, Object> snapshot() {
        return snapshot;
    }

    /** SHA-256 of the canonical JSON of the snapshot, 64 hexadecimal digits. */
    public String hash() {
        return CanonicalJson.sha256(snapshot);
    }

    /** The keys in which the other differs, sorted; empty for the same search. */
    public List<Difference> differencesTo(ExperimentSettings other) {
        Map<String, String> mine = flat(snapshot);
        Map<String, String> theirs = flat(other.snapshot);
        SortedSet<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(mine.get(key), theirs.get(key)))
                .map(key -> new Difference(key, mine.get(key), theirs.get(key)))
                .toList();
    }

    private static Map<String, String> flat(Map<String, Object> snapshot) {
        Map<String, String> flat = new TreeMap<>();
        snapshot.forEach((key, value) -> flatten(flat, key, value));
        return flat;
    }

    private static void flatten(Map<String, String> flat, String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            members.forEach((key, member) -> flatten(flat, path + "." + key, member));
        } else {
            flat.put(path, CanonicalJson.write(value));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExperimentSettings settings && settings.hash().equals(hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return CanonicalJson.write(snapshot);
    }

    /**
     * One key whose value differs.
     *
     * @param before as JSON; absent where the key was not set
     * @param after as JSON; absent where the key is not set
     */
    public record Difference(
            String key, @Nullable String before, @Nullable String after) {

        @Override
        public String toString() {
            return "%s: %s → %s"
                    .formatted(key, Objects.requireNonNullElse(before, "unset"), after == null ? "unset" : after);
        }
    }
}
