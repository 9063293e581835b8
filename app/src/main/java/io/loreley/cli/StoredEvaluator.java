package io.loreley.cli;

import io.loreley.domain.Requirement;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.evaluation.EvaluatorKind;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.evaluation.GroundSettings;
import io.loreley.evaluation.NoiseSettings;
import io.loreley.evaluation.PythonSettings;
import io.loreley.evaluation.StageSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of an evaluator's settings defines the search, as JSON values and back. Only what is said is stored: a key that is
 * absent means what it meant before there was such a key. Not stored are time limits, metric limits, passed environment
 * variables, the Python interpreter, {@code noise.exclusive} and containment: they say what a machine can do; nor the hold-out,
 * which decides nothing in the search.
 */
final class StoredEvaluator {

    private static final String PINNED = "pinned";

    private StoredEvaluator() {}

    static Map<String, Object> of(EvaluatorSettings evaluator, EvaluatorFiles files) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("command", evaluator.command());
        putUnless(EvaluatorKind.COMMAND.word(), keys, "kind", evaluator.kind().word());
        putUnless(null, keys, "report", evaluator.report());
        putUnless(Map.of(), keys, "python", python(evaluator.python()));
        putUnless(
                List.of(),
                keys,
                "stages",
                evaluator.stages().stream().map(StoredEvaluator::stage).toList());
        putUnless(Map.of(), keys, "ground", ground(evaluator.ground()));
        putUnless(Map.of(), keys, "noise", noise(evaluator.noise()));
        putUnless(Map.of(), keys, PINNED, Map.copyOf(files.hashes()));
        return keys;
    }

    private static Map<String, Object> stage(StageSettings stage) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("name", stage.name());
        keys.put("command", stage.command());
        putUnless(EvaluatorKind.COMMAND.word(), keys, "kind", stage.kind().word());
        putUnless(null, keys, "report", stage.report());
        putUnless(null, keys, "gate", stage.gate() == null ? null : stage.gate().toString());
        return keys;
    }

    private static Map<String, Object> python(PythonSettings python) {
        Map<String, Object> keys = new TreeMap<>();
        putUnless(null, keys, "plugin", python.plugin());
        putUnless(null, keys, "program", python.program());
        putUnless(PythonSettings.DEFAULT.paths(), keys, "paths", python.paths());
        putUnless(PythonSettings.DEFAULT.thresholds(), keys, "thresholds", python.thresholds());
        putUnless(List.of(), keys, "arguments", python.arguments());
        return keys;
    }

    private static Map<String, Object> ground(GroundSettings ground) {
        Map<String, Object> keys = new TreeMap<>();
        putUnless(List.of(), keys, "files", ground.files());
        putUnless(List.of(), keys, "overlay", ground.overlay());
        putUnless(List.of(), keys, "protected", ground.protectedPaths());
        return keys;
    }

    private static Map<String, Object> noise(NoiseSettings noise) {
        NoiseSettings plain = NoiseSettings.DEFAULT;
        Map<String, Object> keys = new TreeMap<>();
        putUnless(plain.repeats(), keys, "repeats", noise.repeats());
        putUnless(plain.statistic().word(), keys, "statistic", noise.statistic().word());
        putUnless(plain.confidence(), keys, "confidence", noise.confidence());
        putUnless(plain.recheck(), keys, "recheck", noise.recheck());
        putUnless(plain.paired(), keys, "paired", noise.paired());
        return keys;
    }

    private static void putUnless(
            @Nullable Object meaningNothing, Map<String, Object> keys, String key, @Nullable Object value) {
        if (value != null && !value.equals(meaningNothing)) {
            keys.put(key, value);
        }
    }

    /** The stored settings with what a machine says of its own. */
    static EvaluatorSettings read(Map<?, ?> stored, EvaluatorSettings machine) {
        List<StageSettings> stages = new ArrayList<>();
        for (Object stage : list(stored, "stages")) {
            stages.add(stage((Map<?, ?>) stage, machine));
        }
        return new EvaluatorSettings(
                EvaluatorKind.of(text(stored, "kind").orElse(EvaluatorKind.COMMAND.word())),
                texts(stored, "command", List.of()),
                text(stored, "report").orElse(null),
                python(map(stored, "python"), machine.python()),
                stages,
                machine.timeout(),
                machine.maxMetrics(),
                machine.passEnvironment(),
                ground(map(stored, "ground")),
                noise(map(stored, "noise"), machine.noise()),
                machine.containment(),
                machine.holdout());
    }

    private static StageSettings stage(Map<?, ?> stored, EvaluatorSettings machine) {
        String name = text(stored, "name").orElseThrow();
        Duration timeout = machine.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .map(StageSettings::timeout)
                .orElse(null);
        return new StageSettings(
                name,
                EvaluatorKind.of(text(stored, "kind").orElse(EvaluatorKind.COMMAND.word())),
                texts(stored, "command", List.of()),
                text(stored, "report").orElse(null),
                timeout,
                text(stored, "gate").map(Requirement::parse).orElse(null));
    }

    private static PythonSettings python(Map<?, ?> stored, PythonSettings machine) {
        return new PythonSettings(
                machine.interpreter(),
                text(stored, "plugin").orElse(null),
                text(stored, "program").orElse(null),
                texts(stored, "paths", PythonSettings.DEFAULT.paths()),
                texts(stored, "thresholds", PythonSettings.DEFAULT.thresholds()),
                texts(stored, "arguments", List.of()));
    }

    private static GroundSettings ground(Map<?, ?> stored) {
        return new GroundSettings(
                texts(stored, "files", List.of()),
                texts(stored, "overlay", List.of()),
                texts(stored, "protected", List.of()));
    }

    private static NoiseSettings noise(Map<?, ?> stored, NoiseSettings machine) {
        NoiseSettings plain = NoiseSettings.DEFAULT;
        return new NoiseSettings(
                number(stored, "repeats").map(Number::intValue).orElse(plain.repeats()),
                text(stored, "statistic").map(NoiseSettings.Statistic::of).orElse(plain.statistic()),
                number(stored, "confidence").map(Number::doubleValue).orElse(plain.confidence()),
                number(stored, "recheck").map(Number::doubleValue).orElse(plain.recheck()),
                machine.exclusive(),
                stored.get("paired") instanceof Boolean paired && paired);
    }

    /** The files that the experiment began with; empty if evaluators were not pinned then. */
    static Optional<EvaluatorFiles> pinned(Map<?, ?> stored) {
        if (!stored.containsKey(PINNED)) {
            return Optional.empty();
        }
        Map<String, String> hashes = new TreeMap<>();
        map(stored, PINNED).forEach((path, hash) -> hashes.put((String) path, (String) hash));
        return Optional.of(new EvaluatorFiles(new TreeMap<>(hashes)));
    }

    /** The stored keys without the pinned files. */
    static Map<String, Object> unpinned(Map<?, ?> stored) {
        Map<String, Object> keys = new TreeMap<>();
        stored.forEach((key, value) -> keys.put((String) key, value));
        keys.remove(PINNED);
        return keys;
    }

    private static Map<?, ?> map(Map<?, ?> stored, String key) {
        return stored.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(Map<?, ?> stored, String key) {
        return stored.get(key) instanceof List<?> list ? list : List.of();
    }

    private static List<String> texts(Map<?, ?> stored, String key, List<String> otherwise) {
        return stored.containsKey(key)
                ? list(stored, key).stream().map(String.class::cast).toList()
                : otherwise;
    }

    private static Optional<String> text(Map<?, ?> stored, String key) {
        return Optional.ofNullable((String) stored.get(key));
    }

    private static Optional<Number> number(Map<?, ?> stored, String key) {
        return Optional.ofNullable((Number) stored.get(key));
    }
}
