package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.PromptTemplates;
import io.loreley.agent.SchemaMode;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.embedding.EmbeddingKind;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.lineage.MemorySettings;
import io.loreley.scheduler.ArchiveKind;
import io.loreley.scheduler.SearchSettings;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
     * @param evaluatorFiles what the evaluator consists of
     * @param root the commit that {@code root} named when the experiment began
     * @param subfolder the part of the repository that is searched, empty for all of it
     */
    public static ExperimentSettings of(
            ProjectSettings settings,
            PromptTemplates prompts,
            EvaluatorFiles evaluatorFiles,
            CommitHash root,
            String subfolder) {
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
        snapshot.put("evaluator", StoredEvaluator.of(settings.evaluator(), evaluatorFiles));
        snapshot.put("objective", objective(settings.objective()));
        snapshot.put("search", search(settings.search()));
        snapshot.put("embedding", embedding(settings.embedding()));
        if (!settings.agents().isEmpty()) {
            snapshot.put(
                    "agents",
                    settings.agents().stream()
                            .map(each ->
                                    Map.of("name", each.name(), "weight", each.weight(), "agent", agent(each.agent())))
                            .toList());
            snapshot.put("agents-strategy", settings.agentsStrategy().word());
        }
        if (!settings.memory().equals(MemorySettings.OFF)) {
            snapshot.put("memory", memory(settings.memory()));
        }
        requireStorable("", snapshot);
        return new ExperimentSettings(snapshot);
    }

    /** PostgreSQL holds no NUL, and UTF-8 no half of a pair of surrogates. */
    private static void requireStorable(String key, Object value) {
        switch (value) {
            case Map<?, ?> members ->
                members.forEach(
                        (name, member) -> requireStorable(key.isEmpty() ? "" + name : key + "." + name, member));
            case List<?> elements -> elements.forEach(element -> requireStorable(key, element));
            case String text
            when text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text) ->
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "%s holds a character that cannot be stored: a NUL, or half of one beyond U+FFFF"
                                .formatted(key));
            default -> {}
        }
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

    private static Map<String, Object> memory(MemorySettings memory) {
        return Map.of(
                "steps", memory.steps(),
                "chunk-steps", memory.chunkSteps(),
                "chunks", memory.chunks(),
                "attempts", memory.attempts(),
                "repeat-similarity", memory.repeatSimilarity());
    }

    private static Map<String, Object> objective(Objective objective) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("metric", objective.metric());
        keys.put("direction", word(objective.direction()));
        if (!objective.also().isEmpty()) {
            keys.put(
                    "also",
                    objective.also().stream()
                            .map(aim -> Map.of("metric", aim.metric(), "direction", word(aim.direction())))
                            .toList());
        }
        if (!objective.require().isEmpty()) {
            keys.put(
                    "require",
                    objective.require().stream().map(Requirement::toString).toList());
        }
        return keys;
    }

    private static String word(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    /** What the evaluator consisted of when the experiment began; empty if it began before that was stored. */
    public Optional<EvaluatorFiles> evaluatorFiles() {
        return snapshot.get("evaluator") instanceof Map<?, ?> evaluator
                ? StoredEvaluator.pinned(evaluator)
                : Optional.empty();
    }

    /** The same search without a word on what the evaluator consists of. */
    public ExperimentSettings withoutEvaluatorFiles() {
        Map<String, Object> unpinned = new TreeMap<>(snapshot);
        if (snapshot.get("evaluator") instanceof Map<?, ?> evaluator) {
            unpinned.put("evaluator", StoredEvaluator.unpinned(evaluator));
        }
        return new ExperimentSettings(unpinned);
    }

    private static Map<String, Object> search(SearchSettings search) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("seed", search.seed());
        keys.put("seeds", search.seeds());
        keys.put("inspirations", search.inspirations());
        keys.put("dimensions", search.dimensions());
        keys.put("cells-per-dimension", search.cellsPerDimension());
        keys.put("strategy", search.strategy().word());
        keys.put("neighbor-radius", search.neighborRadius());
        keys.put("neighbor-max-radius", search.neighborMaxRadius());
        keys.put("min-fit-samples", search.minFitSamples());
        keys.put("history-size", search.historySize());
        putSpace(keys, search);
        if (!search.directions().isEmpty()) {
            keys.put("directions", search.directions());
        }
        if (search.proposeDirections()) {
            keys.put("propose-directions", true);
        }
        return keys;
    }

    /** Left out where they are as everything was before they could be set, so that old experiments keep their hash. */
    private static void putSpace(Map<String, Object> keys, SearchSettings search) {
        if (!search.measures().equals(StoredSettings.LEARNED)) {
            keys.put("measures", search.measures());
        }
        if (search.archive() == ArchiveKind.CVT) {
            keys.put("archive", search.archive().word());
            keys.put("cells", search.cells());
        }
        if (search.islands() > 1) {
            keys.put("islands", search.islands());
            keys.put("migration-interval", search.migrationInterval());
            keys.put("migrants", search.migrants());
        }
    }

    private static Map<String, Object> embedding(EmbeddingSettings embedding) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("extensions", embedding.extensions());
        keys.put("names", embedding.names());
        keys.put("excluded", embedding.excluded());
        keys.put("max-file-kilobytes", embedding.maxFileKilobytes());
        keys.put("strip-comments", embedding.stripComments());
        keys.put("chunk-lines", embedding.chunkLines());
        keys.put("dimensions", embedding.dimensions());
        if (embedding.kind() == EmbeddingKind.OPENAI) {
            keys.put("kind", embedding.kind().word());
            keys.put("model", embedding.model());
        }
        return keys;
    }

    /** The part of the repository that is searched, empty for all of it. */
    String subfolder() {
        return String.valueOf(snapshot.getOrDefault("subfolder", ""));
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

    /** Each key with its value as JSON, sorted. */
    Map<String, String> values() {
        return flat(snapshot);
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
