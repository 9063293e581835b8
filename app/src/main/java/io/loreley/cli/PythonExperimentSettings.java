package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.sampling.BaseChoice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an experiment that the Python system began, in our words. What it has no word for, agent and evaluator
 * above all, is the project's. {@code docs/python-database.md} lists what becomes of each.
 */
final class PythonExperimentSettings {

    private static final int SCHEMA_VERSION = 1;

    private final String experiment;
    private final Map<String, Object> stored;

    PythonExperimentSettings(String experiment, Map<String, Object> stored) {
        this.experiment = experiment;
        this.stored = stored;
    }

    static boolean areOf(Map<String, Object> snapshot) {
        return Objects.equals(snapshot.get("experiment_snapshot_schema_version"), SCHEMA_VERSION);
    }

    CommitHash root() {
        return new CommitHash(required(String.class, "mapelites_experiment_root_commit"));
    }

    /** The settings that the experiment goes on under. */
    ExperimentSettings over(ExperimentSettings project) {
        Map<String, Object> merged = new TreeMap<>(project.snapshot());
        merged.put("root", root().value());
        put(merged, "goal", String.class, "worker_evolution_global_goal", goal -> goal);
        change(merged, "objective", objective -> {
            put(objective, "metric", String.class, "mapelites_fitness_metric", metric -> metric);
            @Nullable Boolean higher = value(Boolean.class, "mapelites_fitness_higher_is_better");
            if (higher != null) {
                objective.put("direction", higher ? "maximize" : "minimize");
            }
        });
        change(merged, "search", search -> {
            search.put("strategy", BaseChoice.UNIFORM.word());
            atLeast(search, "seeds", "mapelites_seed_population_size", 0);
            atLeast(search, "inspirations", "mapelites_sampler_inspiration_count", 0);
            atLeast(search, "dimensions", "mapelites_dimensionality_target_dims", 1);
            atLeast(search, "cells-per-dimension", "mapelites_archive_cells_per_dim", 2);
            atLeast(search, "neighbor-radius", "mapelites_sampler_neighbor_radius", 1);
            atLeast(search, "neighbor-max-radius", "mapelites_sampler_neighbor_max_radius", 1);
            atLeast(search, "min-fit-samples", "mapelites_dimensionality_min_fit_samples", 2);
            atLeast(search, "history-size", "mapelites_dimensionality_history_size", 2);
        });
        change(merged, "embedding", embedding -> {
            put(embedding, "extensions", List.class, "mapelites_preprocess_allowed_extensions", list -> list);
            put(embedding, "names", List.class, "mapelites_preprocess_allowed_filenames", list -> list);
            put(embedding, "excluded", List.class, "mapelites_preprocess_excluded_globs", list -> list);
            atLeast(embedding, "max-file-kilobytes", "mapelites_preprocess_max_file_size_kb", 1);
            put(embedding, "strip-comments", Boolean.class, "mapelites_preprocess_strip_comments", strip -> strip);
            atLeast(embedding, "chunk-lines", "mapelites_chunk_target_lines", 10);
        });
        return ExperimentSettings.stored(merged);
    }

    private static void change(
            Map<String, Object> settings, String key, java.util.function.Consumer<Map<String, Object>> change) {
        Map<String, Object> part = new TreeMap<>();
        if (settings.get(key) instanceof Map<?, ?> known) {
            known.forEach((name, value) -> part.put((String) name, Objects.requireNonNull(value)));
        }
        change.accept(part);
        settings.put(key, part);
    }

    private void atLeast(Map<String, Object> settings, String key, String name, int least) {
        put(settings, key, Integer.class, name, number -> Math.max(least, number));
    }

    private <T> void put(
            Map<String, Object> settings, String key, Class<T> type, String name, UnaryOperator<T> change) {
        @Nullable T value = value(type, name);
        if (value != null) {
            settings.put(key, change.apply(value));
        }
    }

    private <T> T required(Class<T> type, String name) {
        @Nullable T value = value(type, name);
        if (value == null) {
            throw wrong(name, null);
        }
        return value;
    }

    private <T> @Nullable T value(Class<T> type, String name) {
        @Nullable Object value = stored.get(name);
        if (value != null && !type.isInstance(value)) {
            throw wrong(name, value);
        }
        return type.cast(value);
    }

    private LoreleyException wrong(String name, @Nullable Object value) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "experiment '%s' of the Python Loreley holds %s under '%s'; it cannot go on. Start anew with --new-experiment."
                        .formatted(experiment, value == null ? "nothing" : value, name));
    }
}
