package io.loreley.evaluation;

import io.loreley.domain.Limits;
import io.loreley.domain.Requirement;
import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of an evaluation. */
public record StageSettings(
        @Setting(doc = "What it is called, in messages and records.")
        String name,

        @Setting(doc = "How its program is run and read; as `evaluator.kind`.", fallback = "command")
        EvaluatorKind kind,

        @Setting(doc = "Its program; as `evaluator.command`.", fallback = "[]")
        List<String> command,

        @Setting(doc = "Where its report lies; as `evaluator.report`.") @Nullable
        String report,

        @Setting(doc = "How long it may run; absent, as `evaluator.timeout` says.", min = 1) @Nullable
        Duration timeout,

        @Setting(
                doc =
                        "What a metric must reach for the next stage to run, as in `tests_failed == 0`. A candidate that does "
                                + "not is recorded with the metrics so far, and never enters the archive.")
        @Nullable
        Requirement gate) {

    public StageSettings {
        Limits.requireText("the name of a stage", name, Limits.STAGE);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException(
                    "the stage name '%s' must be letters, digits, '.', '_' and '-'".formatted(name));
        }
        command = List.copyOf(command);
        EvaluatorSettings.requireComplete(kind, command, report);
    }
}
