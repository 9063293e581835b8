package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;

/** Stands where the wiring will. */
final class Unwired implements Engine {

    @Override
    public EndReport run(
            Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop) {
        throw missing();
    }

    @Override
    public ExperimentStatus status(Project project, MachineSettings machine) {
        throw missing();
    }

    @Override
    public String database(MachineSettings machine) {
        throw missing();
    }

    @Override
    public void warmUp() {}

    private static LoreleyException missing() {
        return new LoreleyException(FailureKind.INTERNAL, "the engine is not wired yet");
    }
}
