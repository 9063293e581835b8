package io.loreley.cli;

import io.loreley.cli.display.JsonView;
import io.loreley.cli.display.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says where the experiment of a project stands, whether or not it runs. */
@Command(name = "status", description = "Say where the experiment of a project stands, whether or not it runs.")
final class StatusCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    StatusCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = project.load(surroundings.environment());
        Standing standing = engine.status(loaded, machine.settings(null, surroundings.environment()));
        if (json) {
            surroundings.out().println(JsonView.status(standing.status(), standing.state()));
        } else {
            StatusText.lines(standing.status(), standing.goal(), standing.state(), surroundings.colours())
                    .forEach(surroundings.out()::println);
        }
        return Failures.OK;
    }
}
