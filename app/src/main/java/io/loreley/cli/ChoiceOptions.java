package io.loreley.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What to do when the settings differ from those that the experiment was started with. */
final class ChoiceOptions {

    @ArgGroup
    private @Nullable Choice choice;

    private static final class Choice {
        @Option(names = "--continue", description = "Settings changed: go on under the stored ones.")
        private boolean goOn;

        @Option(names = "--new-experiment", description = "Settings changed: start another experiment.")
        private boolean startNew;
    }

    ExperimentChoice chosen() {
        if (choice != null && choice.startNew) {
            return ExperimentChoice.NEW;
        }
        return choice != null && choice.goOn ? ExperimentChoice.CONTINUE : ExperimentChoice.ASK;
    }
}
