package io.loreley.cli;

import io.loreley.cli.display.JsonView;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Experiments;
import io.loreley.store.Inventory;
import io.loreley.store.Inventory.ExperimentLine;
import io.loreley.worker.CandidateRefs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, shows, renames and deletes the experiments of a database. */
@Command(name = "experiments", description = "List, show, rename or delete the experiments of the database.")
final class ExperimentsCommand implements Runnable {

    private static final int ID_DIGITS = 8;
    /** A name that was mistyped is no id. */
    private static final int LEAST_DIGITS = 4;

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

    @Command(
            name = "delete",
            description = "Delete one, and all that the database and this machine keep of it, its commits included.",
            mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "NAME", description = "Its name, or the first digits of its id.") String which,
            @Option(names = "--yes", description = "Without it, nothing is deleted.") boolean yes,
            @Option(
                            names = "--git-remote",
                            paramLabel = "URL",
                            description = "Where other machines have its commits from (LORELEY_GIT_REMOTE).")
                    @Nullable
                    String gitRemote,
            @Mixin MachineOptions machine) {
        Secret remote =
                Membership.of(null, gitRemote, surroundings.environment()).gitRemote();
        return with(machine, wiring -> {
            ExperimentLine line = find(Inventory.of(wiring.database()), which);
            if (!yes) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "this deletes experiment %s (%s) with its %,d jobs, their commits and files. Say --yes if you mean it."
                                .formatted(line.name(), digits(line), line.jobs()));
            }
            try (ExperimentLock lock = ExperimentLock.tryAcquire(
                            wiring.database(), line.id(), "loreley experiments delete")
                    .orElseThrow(() -> new LoreleyException(
                            FailureKind.CONFIGURATION,
                            "experiment %s is running; stop it first".formatted(line.name())))) {
                Inventory.delete(lock.fenced(), line.id());
            }
            surroundings.out().printf("%s (%s) is deleted%n", line.name(), digits(line));
            wiring.home().deleteKept(line.id());
            forgetCommits(wiring, line, remote);
            return Failures.OK;
        });
    }

    /** Only git could tell which objects of the hub others need as well, and it would take those of work that goes on. */
    private void forgetCommits(Wiring wiring, ExperimentLine line, @Nullable Secret url) {
        Path folder = wiring.home().hub(line.repository());
        if (!Files.isDirectory(folder) && url == null) {
            return;
        }
        String prefix = CandidateRefs.ofExperiment(line.id());
        try (Hub hub = Hub.open(folder, wiring.processes())) {
            hub.drop(hub.refs(prefix));
            if (url != null) {
                Remote remote = hub.exchangeThrough(url.value());
                remote.delete(remote.refs(List.of(prefix + "/*")));
            }
        }
        surroundings
                .out()
                .printf(
                        "When nothing works on its repository, `git -C %s gc --prune=now` frees the space of its commits.%n",
                        folder);
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
                        .filter(line -> which.length() >= LEAST_DIGITS
                                && line.id().toString().startsWith(which))
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
