package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Inventory;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks after the database. Each of its commands may be given twice. */
@Command(name = "db", description = "Look after the database: status, migrate, prune, stop, reset.")
final class DbCommand implements Runnable {

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    DbCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(surroundings.out());
    }

    @Command(
            name = "status",
            description = "Say where the database is and what it holds.",
            mixinStandardHelpOptions = true)
    int status(@Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            Inventory inventory = Inventory.of(wiring.database());
            surroundings
                    .out()
                    .printf(
                            "PostgreSQL %s at %s, schema version %s, %s%n",
                            inventory.serverVersion(), inventory.url(), inventory.schemaVersion(), inventory.size());
            ExperimentsCommand.lines(inventory).forEach(surroundings.out()::println);
            if (inventory.setAside() > 0) {
                surroundings.out().printf("  %,d rows of the Python system in table set_aside%n", inventory.setAside());
            }
            return Failures.OK;
        });
    }

    @Command(name = "migrate", description = "Bring the schema to this version.", mixinStandardHelpOptions = true)
    int migrate(@Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            Inventory inventory = Inventory.of(wiring.database());
            surroundings.out().printf("schema version %s at %s%n", inventory.schemaVersion(), inventory.url());
            return Failures.OK;
        });
    }

    @Command(
            name = "prune",
            description = {
                "Let go of what can be computed again or is only looked at: observations beyond the history's limit, old",
                "embeddings, files of old jobs, workers long gone. Elites, what they descend from, and open jobs keep all",
                "they have."
            },
            mixinStandardHelpOptions = true)
    int prune(
            @Option(names = "--dry-run", description = "Only say what would go.") boolean dryRun,
            @Mixin RetentionOptions retention,
            @Mixin MachineOptions machine) {
        RetentionOptions.Limits limits = retention.limits(surroundings.environment());
        return with(machine, wiring -> {
            new Prune(wiring, limits, dryRun).run().forEach(surroundings.out()::println);
            return Failures.OK;
        });
    }

    @Command(
            name = "stop",
            description = "Stop the embedded PostgreSQL, unless somebody works on it.",
            mixinStandardHelpOptions = true)
    int stop(
            @Option(names = "--force", description = "Break off whatever works on it.") boolean force,
            @Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            surroundings
                    .out()
                    .println(wiring.stopEmbedded(force) ? "stopped" : "the embedded PostgreSQL was not running");
            return Failures.OK;
        });
    }

    @Command(
            name = "reset",
            description = "Delete every experiment, and all that Loreley keeps of them on this machine.",
            mixinStandardHelpOptions = true)
    int reset(
            @Option(names = "--yes", description = "Without it, nothing is deleted.") boolean yes,
            @Mixin MachineOptions machine) {
        return with(machine, wiring -> {
            if (!yes) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "this deletes every experiment of %s, and the repositories, artifacts and work trees in %s. Say --yes if you mean it."
                                .formatted(
                                        wiring.database().url(), wiring.home().folder()));
            }
            wiring.requireUnused();
            Inventory.deleteEverything(wiring.database());
            wiring.home().deleteKept();
            surroundings.out().println("deleted");
            return Failures.OK;
        });
    }

    private int with(MachineOptions machine, Function<Wiring, Integer> work) {
        return machine.wired("db", surroundings, work);
    }
}
