package io.loreley.evaluation;

import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;

/** A second evaluator, whose words reach no agent: it finds out whether a best is one. */
public record HoldoutSettings(
        @Setting(doc = "Its program, under the same contract as `evaluator.command`.")
        List<String> command,

        @Setting(doc = "How long it may run.", fallback = "15m", min = 1)
        Duration timeout,

        @Setting(doc = "What its metrics must keep to for a best to pass, as in `accuracy >= 0.9`.")
        List<Requirement> require) {

    public HoldoutSettings {
        command = List.copyOf(command);
        require = List.copyOf(require);
        if (command.isEmpty() || require.isEmpty()) {
            throw new IllegalArgumentException("a hold-out needs a command and at least one requirement");
        }
    }

    /** The same as settings of an evaluator, which stands on the same ground as the main one, and is contained as it is. */
    public EvaluatorSettings evaluator(EvaluatorSettings main) {
        return new EvaluatorSettings(
                EvaluatorKind.COMMAND,
                command,
                null,
                PythonSettings.DEFAULT,
                List.of(),
                timeout,
                main.maxMetrics(),
                main.passEnvironment(),
                main.ground(),
                main.noise().once(),
                main.containment(),
                null);
    }

    /** Nothing to improve: the first metric that is asked for, in the direction in which it is asked for. */
    public Objective objective() {
        Requirement first = require.getFirst();
        Direction direction = switch (first.comparison()) {
            case LESS, AT_MOST -> Direction.MINIMIZE;
            case EQUAL, AT_LEAST, MORE -> Direction.MAXIMIZE;
        };
        return new Objective(first.metric(), direction, List.of(), require);
    }
}
