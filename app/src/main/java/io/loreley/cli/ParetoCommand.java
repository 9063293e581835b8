package io.loreley.cli;

import io.loreley.cli.display.JsonView;
import io.loreley.domain.Limits;
import io.loreley.domain.Objective;
import io.loreley.store.TradeOffs;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the commits that are best in some trade-off between the objectives. */
@Command(
        name = "pareto",
        description = "Show the commits that are best in some trade-off between objective.metric and objective.also.")
final class ParetoCommand implements Callable<Integer> {

    private static final int SUBJECT = 60;

    private final Surroundings surroundings;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    ParetoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Project loaded = project.load(surroundings.environment());
        return machine.wired("pareto", surroundings, wiring -> {
            Recorded recorded = Recorded.open(wiring, loaded);
            Objective objective = recorded.settings().objective();
            List<TradeOffs.Point> front = new TradeOffs(recorded.database())
                    .front(recorded.experiment().id(), objective);
            if (json) {
                front.forEach(point -> surroundings.out().println(JsonView.record(point)));
            } else {
                show(front, objective);
            }
            return Failures.OK;
        });
    }

    private void show(List<TradeOffs.Point> front, Objective objective) {
        if (objective.also().isEmpty()) {
            surroundings
                    .out()
                    .println("There is one objective, and so one best commit; name others in objective.also.");
        }
        for (TradeOffs.Point point : front) {
            String values = point.values().entrySet().stream()
                    .map(entry -> String.format(Locale.ROOT, "%s = %.6g", entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining("  "));
            surroundings
                    .out()
                    .printf(
                            "%s  %s  %s%n",
                            point.commit().abbreviated(), values, Limits.clamp(point.subject(), SUBJECT));
        }
    }
}
