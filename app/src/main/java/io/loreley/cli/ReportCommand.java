package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.web.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells an experiment on one page that needs nothing else. */
@Command(name = "report", description = "Write what an experiment found as one HTML page, or as Markdown.")
final class ReportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it; - for standard output (default: <experiment>.html or .md, here).")
    private @Nullable String output;

    @Option(names = "--markdown", description = "As Markdown, without pictures.")
    private boolean markdown;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    ReportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Project loaded = project.load(surroundings.environment());
        return machine.wired("report", surroundings, wiring -> {
            Recorded recorded = Recorded.open(wiring, loaded);
            String text = markdown
                    ? Report.markdown(recorded.database(), recorded.hub(wiring), recorded.experiment(), wiring.clock())
                    : Report.html(recorded.database(), recorded.hub(wiring), recorded.experiment(), wiring.clock());
            if ("-".equals(output)) {
                surroundings.out().print(text);
            } else {
                String name = recorded.experiment().name().replaceAll("[^A-Za-z0-9._-]", "_");
                Path file = Path.of(output == null ? name + (markdown ? ".md" : ".html") : output);
                write(file, text);
                surroundings.out().println(file.toAbsolutePath().normalize());
            }
            return Failures.OK;
        });
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot write %s: %s".formatted(file, Reason.of(e)), e);
        }
    }
}
