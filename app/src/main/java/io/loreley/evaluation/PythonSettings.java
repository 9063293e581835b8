package io.loreley.evaluation;

import io.loreley.domain.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the Python kinds need to know; the others read none of it. */
public record PythonSettings(
        @Setting(doc = "The interpreter, as a list: `[python3]`, `[uv, run, python]`.", fallback = "[python3]")
        List<String> interpreter,

        @Setting(
                doc =
                        "What is loaded. For `python`: `module:callable`, or a file and `:callable`. For `openevolve` and "
                                + "`shinka`: the evaluator's file, usually below ${project}.",
                env = "WORKER_EVALUATOR_PLUGIN")
        @Nullable
        String plugin,

        @Setting(
                doc =
                        "The file that evolves, seen from the checkout: what `openevolve` and `shinka` evaluators are given.")
        @Nullable
        String program,

        @Setting(
                doc = "Folders that are put in front of Python's search path.",
                fallback = "[\"${project}\"]",
                env = "WORKER_EVALUATOR_PYTHON_PATHS")
        List<String> paths,

        @Setting(
                doc = "What stage 1 and stage 2 of an `openevolve` cascade must reach to go on.",
                fallback = "[0.5, 0.75]")
        List<String> thresholds,

        @Setting(doc = "More arguments for a `shinka` evaluator.", fallback = "[]")
        List<String> arguments) {

    /** As if nothing were said. */
    public static final PythonSettings DEFAULT = new PythonSettings(
            List.of("python3"), null, null, List.of("${project}"), List.of("0.5", "0.75"), List.of());

    public PythonSettings {
        interpreter = List.copyOf(interpreter);
        paths = List.copyOf(paths);
        thresholds = List.copyOf(thresholds);
        arguments = List.copyOf(arguments);
        for (String threshold : thresholds) {
            try {
                if (!Double.isFinite(Double.parseDouble(threshold))) {
                    throw new IllegalArgumentException("a threshold must be finite, not " + threshold);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a threshold must be a number, not '%s'".formatted(threshold), e);
            }
        }
    }
}
