package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.store.CardListing;
import io.loreley.store.Holdouts;
import io.loreley.store.Tables;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes results out: commits as branches or patches, tables as files. */
@Command(
        name = "export",
        description = "Take results out: commits as branches or patches, tables as CSV or JSON lines.",
        footer = {
            "",
            "The best commit is taken unless --commit names others. A table is CSV or JSON lines by the name of its file:",
            "  loreley export --branch best --patches out/ \\",
            "      --table jobs=jobs.csv --table archive=archive.jsonl"
        })
final class ExportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Option(
            names = "--commit",
            paramLabel = "HASH",
            description = "A recorded commit, by its first digits. May be given several times.")
    private List<String> commits = List.of();

    @Option(
            names = "--branch",
            paramLabel = "NAME",
            description = "Make a branch name the commit; of several, NAME-1, NAME-2 and so on.")
    private @Nullable String branch;

    @Option(
            names = "--force",
            description = "Move the branch also if it names a commit that the new one does not build on.")
    private boolean force;

    @Option(
            names = "--patches",
            paramLabel = "DIR",
            description = "Write the commits from the root to it as patches for git am.")
    private @Nullable Path patches;

    @Option(
            names = "--table",
            paramLabel = "NAME=FILE",
            description = "Write a table: jobs, metrics, archive or stages.")
    private Map<String, Path> tables = Map.of();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    ExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (branch == null && patches == null && tables.isEmpty()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "nothing to export: give --branch, --patches or --table; see --help");
        }
        tables.forEach(ExportCommand::requireTable);
        Project loaded = project.load(surroundings.environment());
        return machine.wired("export", surroundings, wiring -> {
            Recorded recorded = Recorded.open(wiring, loaded);
            List<CommitHash> named = named(recorded);
            if (branch != null || patches != null) {
                Hub hub = recorded.hub(wiring);
                List<CommitHash> chosen = named.isEmpty() ? List.of(best(recorded)) : named;
                for (int i = 0; i < chosen.size(); i++) {
                    export(recorded, hub, chosen.get(i), chosen.size() == 1 ? "" : "-" + (i + 1));
                }
            }
            tables.forEach((name, file) -> write(recorded, name, file));
            return Failures.OK;
        });
    }

    /** With a hold-out, the best that passes it. */
    private static CommitHash best(Recorded recorded) {
        ExperimentId id = recorded.experiment().id();
        if (recorded.settings().evaluator().holdout() == null) {
            return new CardListing(recorded.database())
                    .best(id)
                    .orElseThrow(() -> nothing(recorded, "has measured nothing yet"));
        }
        ExperimentStatus.Score passed = new Holdouts(recorded.database())
                .of(id, recorded.settings().objective())
                .passed();
        if (passed == null) {
            throw nothing(recorded, "has no commit yet that passes the hold-out; --commit takes one all the same");
        }
        return passed.commit();
    }

    private static LoreleyException nothing(Recorded recorded, String why) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "experiment '%s' %s".formatted(recorded.experiment().name(), why));
    }

    private List<CommitHash> named(Recorded recorded) {
        CardListing cards = new CardListing(recorded.database());
        return commits.stream()
                .map(text -> Optional.of(text.strip().toLowerCase(Locale.ROOT))
                        .filter(digits -> !digits.isEmpty())
                        .flatMap(digits -> cards.find(recorded.experiment().id(), digits, ""))
                        .map(CardListing.Line::commit)
                        .orElseThrow(() -> new LoreleyException(
                                FailureKind.CONFIGURATION,
                                "--commit: experiment '%s' has no commit '%s'"
                                        .formatted(recorded.experiment().name(), text))))
                .toList();
    }

    private void export(Recorded recorded, Hub hub, CommitHash commit, String suffix) {
        if (branch != null) {
            String name = branch + suffix;
            String where = hub.publishBranch(recorded.source(), name, commit, force);
            surroundings.out().printf("branch %s names %s in %s%n", name, commit.abbreviated(), where);
        }
        if (patches != null) {
            CommitHash root = new CommitHash(recorded.experiment().root().orElseThrow());
            Path folder = suffix.isEmpty() ? patches : patches.resolve(commit.abbreviated());
            Path target = created(folder);
            hub.patchSeries(root, commit, target).forEach(surroundings.out()::println);
        }
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder).toAbsolutePath().normalize();
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static void requireTable(String name, Path file) {
        if (!Tables.NAMES.contains(name)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "--table: '%s' is unknown; known are %s".formatted(name, String.join(", ", Tables.NAMES)));
        }
        if (!file.toString().endsWith(".csv") && !file.toString().endsWith(".jsonl")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "--table: %s must end in .csv or .jsonl, which says the format".formatted(file));
        }
    }

    private void write(Recorded recorded, String name, Path file) {
        Tables.Format format = file.toString().endsWith(".csv") ? Tables.Format.CSV : Tables.Format.JSONL;
        try (Writer writer = Files.newBufferedWriter(file)) {
            new Tables(recorded.database())
                    .write(name, format, recorded.experiment().id(), writer);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
        surroundings.out().println(file.toAbsolutePath().normalize());
    }

    private static LoreleyException unwritable(Path file, IOException e) {
        return new LoreleyException(FailureKind.STORAGE, "cannot write %s: %s".formatted(file, Reason.of(e)), e);
    }
}
