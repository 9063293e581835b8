package io.loreley.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a {@code loreley.yaml} for a project that another system ran so far. */
@Command(
        name = "init",
        description = "Write a loreley.yaml for an example that was made for another system.",
        footer = {
            "",
            "The evaluator stays as it is and where it is. The program that evolves is copied into a folder of its own, "
                    + "from which Loreley makes its repository. Nothing that exists is overwritten."
        })
final class InitCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "SYSTEM",
            description = "The system it was made for: ${COMPLETION-CANDIDATES}.")
    private Origin from = Origin.OPENEVOLVE;

    @Option(
            names = "--program",
            paramLabel = "FILE",
            description =
                    "The program that evolves, seen from DIR (default: the one file named as that system names it).")
    private @Nullable Path program;

    @Parameters(paramLabel = "DIR", description = "The example's folder.")
    private Path folder = Path.of(".");

    InitCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** A system whose examples are known. */
    enum Origin {
        OPENEVOLVE,
        SHINKA;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        ForeignProject project = ForeignProject.in(folder, from, program);
        List<Path> written = project.write();
        written.forEach(file -> surroundings.out().println("wrote " + file));
        surroundings.out().println("Run it with: loreley run " + folder);
        return Failures.OK;
    }
}
