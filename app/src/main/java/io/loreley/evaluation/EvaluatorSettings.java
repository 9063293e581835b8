package io.loreley.evaluation;

import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;

/** Who measures a candidate. */
public record EvaluatorSettings(
        @Setting(
                doc = "The program that measures a clean checkout, as a list of arguments. ${project} is the project's "
                        + "folder, ${java} the java that runs Loreley.")
        List<String> command,

        @Setting(
                doc = "How long one evaluation may run.",
                fallback = "15m",
                min = 1,
                env = "WORKER_EVALUATOR_TIMEOUT_SECONDS")
        Duration timeout,

        @Setting(
                doc = "How many metrics a result may hold.",
                fallback = "64",
                min = 1,
                max = 1000,
                env = "WORKER_EVALUATOR_MAX_METRICS")
        int maxMetrics,

        @Setting(
                doc = "Environment variables handed to the program besides PATH, HOME, LANG and TMPDIR; by name.",
                fallback = "[]")
        List<String> passEnvironment) {

    public EvaluatorSettings {
        command = List.copyOf(command);
        passEnvironment = List.copyOf(passEnvironment);
    }
}
