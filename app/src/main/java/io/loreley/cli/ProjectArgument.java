package io.loreley.cli;

import io.loreley.cli.settings.Source;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** The project that a command is about. */
final class ProjectArgument {

    static final String DESCRIPTION = "The project's folder, or its loreley.yaml (default: here).";

    @Parameters(arity = "0..1", paramLabel = "PROJECT", defaultValue = ".", description = DESCRIPTION)
    private Path project = Path.of(".");

    Project load(Map<String, String> environment) {
        return load(Map.of(), environment);
    }

    /** @param flags beat the project's file */
    Project load(Map<String, Source> flags, Map<String, String> environment) {
        return Project.load(project, flags, environment);
    }
}
