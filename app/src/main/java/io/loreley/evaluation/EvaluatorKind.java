package io.loreley.evaluation;

import java.util.Locale;

/** How a program is run, and how it tells its metrics. */
public enum EvaluatorKind {
    /** Any program under Loreley's contract. */
    COMMAND,
    /** A Python callable that takes a context and returns metrics. */
    PYTHON,
    /** An {@code evaluator.py} of OpenEvolve, cascade included. */
    OPENEVOLVE,
    /** An {@code evaluate.py} of ShinkaEvolve. */
    SHINKA,
    /** Tests under pytest. */
    PYTEST,
    /** Tests of any kind that leave JUnit XML. */
    JUNIT,
    /** Benchmarks under JMH. */
    JMH,
    /** Commands timed by hyperfine. */
    HYPERFINE;

    /** As the settings have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static EvaluatorKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Whether it brings its own program, so that the settings need name none. */
    boolean bringsItsProgram() {
        return switch (this) {
            case PYTHON, OPENEVOLVE, SHINKA, PYTEST -> true;
            case COMMAND, JUNIT, JMH, HYPERFINE -> false;
        };
    }

    /** Whether it runs through Loreley's Python adapter. */
    boolean isAdapted() {
        return switch (this) {
            case PYTHON, OPENEVOLVE, SHINKA -> true;
            case COMMAND, JUNIT, JMH, HYPERFINE, PYTEST -> false;
        };
    }
}
