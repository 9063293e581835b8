package io.loreley.cli;

import io.loreley.cli.display.JsonView;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Experiments;
import io.loreley.store.Inventory;
import io.loreley.store.Inventory.ExperimentLine;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, shows and renames the experiments of a database. */
@Command(name = "experiments", description = "List, show or rename the experiments of the database.")
final class ExperimentsCommand implements Runnable {

    private static final int ID_DIGITS = 8;

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ExperimentsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What {@code list --json} prints. */
    private record Listing(List<ExperimentLine> experiments) {}

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(surroundings.out());
    }

    @Command(name = "list", description = "List them, oldest first.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--json", description = "As one JSON object.") boolean json,
            @Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            Inventory inventory = Inventory.of(wiring.database());
            if (json) {
                surroundings.out().println(JsonView.record(new Listing(inventory.experiments())));
            } else {
                lines(inventory).forEach(surroundings.out()::println);
            }
            return Failures.OK;
        });
    }

    @Command(
            name = "show",
            description = "Show one, with the settings that define its search.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "NAME", description = "Its name, or the first digits of its id.") String which,
            @Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            ExperimentLine line = find(Inventory.of(wiring.database()), which);
            Experiment experiment =
                    new Experiments(wiring.database()).find(line.id()).orElseThrow();
            surroundings.out().println(lineOf(line));
            surroundings.out().printf("  id         %s%n  settings   %s%n", experiment.id(), experiment.configHash());
            ExperimentSettings.stored(experiment.configSnapshot())
                    .values()
                    .forEach((key, value) -> surroundings.out().printf("    %s: %s%n", key, value));
            return Failures.OK;
        });
    }

    @Command(name = "rename", description = "Give one another name.", mixinStandardHelpOptions = true)
    int rename(
            @Parameters(paramLabel = "NAME", description = "Its name, or the first digits of its id.") String which,
            @Parameters(paramLabel = "NEW", description = "What it is called from now on.") String name,
            @Mixin MachineOptions machine) {
        requireName(name);
        return with(machine, wiring -> {
            Inventory inventory = Inventory.of(wiring.database());
            ExperimentLine line = find(inventory, which);
            inventory.experiments().stream()
                    .filter(other -> other.repository().equals(line.repository())
                            && other.name().equals(name)
                            && !other.id().equals(line.id()))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new LoreleyException(
                                FailureKind.CONFIGURATION,
                                "experiment %s of %s is called '%s' already"
                                        .formatted(digits(other), other.repository(), name));
                    });
            Experiments experiments = new Experiments(wiring.database());
            experiments.rename(experiments.find(line.id()).orElseThrow(), name);
            surroundings
                    .out()
                    .printf(
                            "%s is now called %s; a project goes on with it under `name: %s`%n",
                            digits(line), name, name);
            return Failures.OK;
        });
    }

    /** Two lines each. */
    static List<String> lines(Inventory inventory) {
        List<String> lines = inventory.experiments().stream()
                .flatMap(line -> Stream.of(lineOf(line), "      " + line.repository()))
                .toList();
        return lines.isEmpty() ? List.of("  no experiment yet") : lines;
    }

    private static String lineOf(ExperimentLine line) {
        return "  %-28s %s  %,d jobs, %,d elites, begun %s"
                .formatted(line.name(), digits(line), line.jobs(), line.elites(), line.begun());
    }

    private static String digits(ExperimentLine line) {
        return line.id().toString().substring(0, ID_DIGITS);
    }

    /** By name, else by the beginning of the id. */
    private static ExperimentLine find(Inventory inventory, String which) {
        List<ExperimentLine> named = inventory.experiments().stream()
                .filter(line -> line.name().equals(which))
                .toList();
        List<ExperimentLine> found = named.isEmpty()
                ? inventory.experiments().stream()
                        .filter(line -> line.id().toString().startsWith(which))
                        .toList()
                : named;
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new LoreleyException(
                FailureKind.CONFIGURATION,
                found.isEmpty()
                        ? "no experiment is called '%s'. There are: %s"
                                .formatted(which, described(inventory.experiments()))
                        : "'%s' may be each of: %s. Name one by its id.".formatted(which, described(found)));
    }

    private static String described(List<ExperimentLine> lines) {
        return lines.isEmpty()
                ? "none"
                : lines.stream()
                        .map(line -> "%s (%s)".formatted(line.name(), digits(line)))
                        .collect(Collectors.joining(", "));
    }

    private static void requireName(String name) {
        try {
            ProjectSettings.requireName(name);
        } catch (IllegalArgumentException e) {
            throw new LoreleyException(FailureKind.CONFIGURATION, String.valueOf(e.getMessage()), e);
        }
    }

    private int with(MachineOptions machine, Function<Wiring, Integer> work) {
        return machine.wired("experiments", surroundings, work);
    }
}
