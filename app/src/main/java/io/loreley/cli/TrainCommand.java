package io.loreley.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Walks through what every start needs, so that the launcher's ahead-of-time cache holds it. */
@Command(name = "train", hidden = true, description = "Walk through what every start needs, for the launcher's cache.")
final class TrainCommand implements Callable<Integer> {

    private final Engine engine;

    @Parameters(arity = "0..1", paramLabel = "PROJECT", description = "A project to load.")
    private @Nullable Path project;

    TrainCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Integer call() {
        if (project != null) {
            Project.load(project, Map.of(), Map.of());
        }
        engine.warmUp();
        return Failures.OK;
    }
}
