package io.loreley.cli;

import io.loreley.cli.display.JsonView;
import io.loreley.domain.AuditEntry;
import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Hint;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Controls;
import io.loreley.store.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The orders that a person gives a search while it runs. Each is in the audit trail, and takes effect within a tick. */
final class Orders {

    private final Surroundings surroundings;
    private final Engine engine;

    Orders(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    List<Object> all() {
        return List.of(
                new Pause(),
                new Resume(),
                new Cancel(),
                new Requeue(),
                new Drain(),
                new Pin(),
                new Ban(),
                new SayHint(),
                new Goal(),
                new ListWorkers(),
                new Audit());
    }

    /** Whom the audit trail names for who gives orders here. */
    static String actor(Map<String, String> environment) {
        return "%s@%s"
                .formatted(
                        environment.getOrDefault("USER", environment.getOrDefault("LOGNAME", "somebody")),
                        WorkerName.hostName());
    }

    /** What all orders have in common: who gives them, and where. */
    private abstract class Order implements Callable<Integer> {
        @Mixin
        private MachineOptions machine = new MachineOptions();

        /** Null if none was named, for an order that has no need of one. */
        abstract @Nullable Path project();

        /** Gives the order, and says in a line or more what came of it. */
        abstract String carryOut(@Nullable Project project, MachineSettings settings);

        String actor() {
            return Orders.actor(surroundings.environment());
        }

        @Override
        public Integer call() {
            Path place = project();
            Project loaded = place == null ? null : Project.load(place, Map.of(), surroundings.environment());
            MachineSettings settings = machine.settings(null, surroundings.environment());
            LogFile.open(settings, "order", surroundings.clock());
            surroundings.out().println(carryOut(loaded, settings));
            return Failures.OK;
        }
    }

    /** An order that is about the search of a project. */
    private abstract class OrderToSearch extends Order {
        @Override
        abstract Path project();

        abstract String give(Controls controls, Workers workers, ExperimentId experiment);

        @Override
        String carryOut(@Nullable Project project, MachineSettings settings) {
            return engine.control(Objects.requireNonNull(project), settings, this::give);
        }
    }

    /** An order that is about one thing of the search, which its arguments say. */
    private abstract class OrderAboutOne extends OrderToSearch {
        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                defaultValue = ".",
                description = ProjectArgument.DESCRIPTION)
        private Path project = Path.of(".");

        @Override
        Path project() {
            return project;
        }
    }

    /** An order that is about the whole search: the project may be its argument, as it is of {@code run}. */
    private abstract class OrderAboutAll extends OrderToSearch {
        @ArgGroup
        private @Nullable NamedProject named;

        @Override
        Path project() {
            return named == null ? Path.of(".") : named.path();
        }
    }

    private static final class NamedProject {
        @Parameters(arity = "0..1", paramLabel = "PROJECT", description = ProjectArgument.DESCRIPTION)
        private @Nullable Path argument;

        @Option(names = "--project", paramLabel = "PROJECT", description = "The same, as other orders have it.")
        private @Nullable Path option;

        Path path() {
            return argument != null ? argument : Objects.requireNonNull(option);
        }
    }

    @Command(name = "pause", description = "Draw and dispatch nothing new; what is at work is finished.")
    private final class Pause extends OrderAboutAll {
        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            controls.pause(experiment, actor());
            return "paused; `loreley resume` goes on";
        }
    }

    @Command(name = "resume", description = "Go on after a pause.")
    private final class Resume extends OrderAboutAll {
        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            controls.resume(experiment, actor());
            return "resumed";
        }
    }

    @Command(name = "cancel", description = "End a job that has not ended; its programs end within about a second.")
    private final class Cancel extends OrderAboutOne {
        @Parameters(paramLabel = "JOB", description = "The id, or its first four digits or more.")
        private String job = "";

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            return "cancelled job " + controls.cancel(experiment, job, actor());
        }
    }

    @Command(
            name = "requeue",
            description =
                    "Draw a failed or cancelled job once more; have a waiting one tried at once; take a running one from its worker.")
    private final class Requeue extends OrderAboutOne {
        @Parameters(paramLabel = "JOB", description = "The id, or its first four digits or more.")
        private String job = "";

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            Controls.Requeued requeued = controls.requeue(experiment, job, actor());
            return switch (requeued.was()) {
                        case QUEUED -> "waits no longer: job ";
                        case RUNNING -> "taken from its worker: job ";
                        case PENDING, SUCCEEDED, FAILED, CANCELLED -> "drawn again as job ";
                    }
                    + requeued.job();
        }
    }

    @Command(name = "drain", description = "Let a worker finish what it is at, and take nothing more.")
    private final class Drain extends Order {
        @Parameters(paramLabel = "WORKER", description = "The name, or its beginning; `loreley workers` lists them.")
        private String worker = "";

        @Option(names = "--project", paramLabel = "PROJECT", description = "Only one that works on this project's.")
        private @Nullable Path project;

        @Override
        @Nullable
        Path project() {
            return project;
        }

        @Override
        String carryOut(@Nullable Project project, MachineSettings settings) {
            String drained = project == null
                    ? engine.controlAll(settings, (controls, workers) -> controls.drain(worker, actor()))
                    : engine.control(
                            project,
                            settings,
                            (controls, workers, experiment) -> controls.drain(experiment, worker, actor()));
            return "draining " + drained;
        }
    }

    /** Sets a mark on a commit, or takes it away. */
    private abstract class Mark extends OrderAboutOne {
        @Parameters(paramLabel = "COMMIT", description = "A recorded commit, by the beginning of its hash.")
        private String commit = "";

        @Option(names = "--undo", description = "Take this mark away.")
        private boolean undo;

        private final CommitMark mark;

        Mark(CommitMark mark) {
            this.mark = mark;
        }

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            CommitHash marked = undo
                    ? controls.unmark(experiment, commit, mark, actor())
                    : controls.mark(experiment, commit, mark, actor());
            return (undo ? "no longer %s: %s" : "%s %s").formatted(mark.name().toLowerCase(Locale.ROOT), marked);
        }
    }

    @Command(name = "pin", description = "Keep an elite in its cell whatever challenges it.")
    private final class Pin extends Mark {
        Pin() {
            super(CommitMark.PINNED);
        }
    }

    @Command(name = "ban", description = "Use a commit neither as base nor as inspiration any more.")
    private final class Ban extends Mark {
        Ban() {
            super(CommitMark.BANNED);
        }
    }

    @Command(name = "hint", description = "Have the next prompts say something; without a text, list what they say.")
    private final class SayHint extends OrderAboutOne {
        @Parameters(arity = "0..1", paramLabel = "TEXT", description = "What to say.")
        private @Nullable String text;

        @Option(names = "--island", paramLabel = "I", description = "Only in prompts of this island.")
        private @Nullable String island;

        @Option(names = "--clear", description = "Take back every hint and goal.")
        private boolean clear;

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            if (clear) {
                return "taken back: " + controls.clearHints(experiment, actor());
            }
            if (text != null) {
                controls.hint(experiment, island, text, actor());
                return "the next prompts say so";
            }
            List<Hint> hints = controls.hints(experiment);
            return hints.isEmpty()
                    ? "nothing stands"
                    : String.join("\n", hints.stream().map(SayHint::line).toList());
        }

        private static String line(Hint hint) {
            return "%s  %s  %s: %s"
                    .formatted(
                            hint.since(),
                            hint.isGoal() ? "goal" : "hint",
                            hint.island() == null ? "all islands" : "island " + hint.island(),
                            hint.text());
        }
    }

    @Command(name = "goal", description = "Give an island a goal of its own.")
    private final class Goal extends OrderAboutOne {
        @Option(names = "--island", required = true, paramLabel = "I", description = "Which island.")
        private String island = "";

        @Parameters(paramLabel = "TEXT", description = "The goal, in plain words.")
        private String text = "";

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            controls.goal(experiment, island, text, actor());
            return "island %s has a goal of its own from now on".formatted(island);
        }
    }

    /** What {@code workers --json} prints. */
    private record SeenWorkers(List<Workers.Seen> workers) {}

    /** What {@code audit --json} prints. */
    private record Ordered(List<AuditEntry> orders) {}

    @Command(name = "workers", description = "List the workers of the last day, whatever they work on.")
    private final class ListWorkers extends Order {
        @ArgGroup
        private @Nullable NamedProject named;

        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Override
        @Nullable
        Path project() {
            return named == null ? null : named.path();
        }

        @Override
        String carryOut(@Nullable Project project, MachineSettings settings) {
            return project == null
                    ? engine.controlAll(settings, (controls, workers) -> said(workers.all()))
                    : engine.control(project, settings, (controls, workers, experiment) -> said(workers.all()));
        }

        private String said(List<Workers.Seen> seen) {
            if (json) {
                return JsonView.record(new SeenWorkers(seen));
            }
            List<String> lines = seen.stream().map(ListWorkers::line).toList();
            return lines.isEmpty() ? "none" : String.join("\n", lines);
        }

        private static String line(Workers.Seen worker) {
            return "%-50s %-9s %d slots  %s  seen %s"
                    .formatted(
                            worker.who().name(),
                            state(worker),
                            worker.who().slots(),
                            worker.who().labels(),
                            worker.lastSeenAt());
        }

        private static String state(Workers.Seen worker) {
            if (worker.stoppedAt() != null) {
                return "stopped";
            }
            if (!worker.alive()) {
                return "gone";
            }
            return worker.draining() ? "draining" : "at work";
        }
    }

    @Command(name = "audit", description = "List what was ordered, newest first.")
    private final class Audit extends OrderAboutAll {
        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many (default 50).")
        private int limit = 50;

        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Override
        String give(Controls controls, Workers workers, ExperimentId experiment) {
            if (limit < 1) {
                throw new LoreleyException(FailureKind.CONFIGURATION, "--limit must be at least 1, not " + limit);
            }
            List<AuditEntry> orders = controls.audit(experiment, limit);
            if (json) {
                return JsonView.record(new Ordered(orders));
            }
            List<String> lines = orders.stream().map(Audit::line).toList();
            return lines.isEmpty() ? "nothing was ordered" : String.join("\n", lines);
        }

        private static String line(AuditEntry entry) {
            return "%s  %s  %s %s%s"
                    .formatted(
                            entry.at(),
                            entry.actor(),
                            entry.action(),
                            entry.target() == null ? "" : entry.target(),
                            entry.details() == null ? "" : "  " + entry.details());
        }
    }
}
