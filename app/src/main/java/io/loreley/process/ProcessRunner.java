package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs external commands, each in a session of its own. When a command has ended, for whatever reason, its whole
 * process group is dead, and so are those of its descendants that left the group but not its environment.
 *
 * <p>Output goes to files: a pipe would be held open by any orphan, and make a time limit wait for it. Used by any
 * number of threads, virtual ones included; a wait does not hold a carrier.
 */
public final class ProcessRunner implements AutoCloseable {

    /** The environment variable by which descendants are known. */
    public static final String MARK = "LORELEY_MARK";

    private static final Path NOTHING = Path.of("/dev/null");

    /** How often the size of the output is looked at: at 1 GB/s, 20 MB more than allowed are written. */
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    /** A command longer than this pays for a look at every process of the machine; a shorter one for the newest only. */
    private static final long THOROUGH_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int CAPTURED_ERROR_BYTES = 64 * 1024;

    private final Launcher launcher;
    /** With the thread that waits for it. */
    private final Map<ProcessGroup, Thread> running;
    /** Threads whose command was ended from outside. */
    private final Set<Thread> interrupted;

    private final String name;
    private final TemporaryFolders temporary;
    private final AtomicLong count;
    private final AtomicBoolean closed;
    private final List<Path> hidden;

    public ProcessRunner() {
        this(UUID.randomUUID().toString());
    }

    /**
     * A runner whose commands can be found by name.
     *
     * @param name what {@link #sweep} and {@link #sweepTemporary} are asked for after this process was killed; never used by two living processes
     */
    public ProcessRunner(String name) {
        this.launcher = new Launcher();
        this.running = new ConcurrentHashMap<>();
        this.interrupted = ConcurrentHashMap.newKeySet();
        this.name = name;
        this.temporary = new TemporaryFolders(name);
        this.count = new AtomicLong();
        this.closed = new AtomicBoolean();
        this.hidden = List.of();
    }

    private ProcessRunner(ProcessRunner other, List<Path> hidden) {
        this.launcher = other.launcher;
        this.running = other.running;
        this.interrupted = other.interrupted;
        this.name = other.name;
        this.temporary = other.temporary;
        this.count = other.count;
        this.closed = other.closed;
        this.hidden = List.copyOf(hidden);
    }

    /**
     * The same runner, which hides these files and folders from what it runs isolated; see {@link Isolation#hidden}. The two
     * share everything else, and one is closed with the other.
     */
    public ProcessRunner hiding(List<Path> paths) {
        return new ProcessRunner(this, paths);
    }

    /**
     * Runs a command to its end.
     *
     * @throws LoreleyException with kind CONFIGURATION if the program cannot be started, STORAGE if its files cannot be
     *     written
     * @throws InterruptedException if this thread was interrupted, or the runner closed; nothing is left running then
     */
    public Finished run(Command command) throws InterruptedException {
        return run(command, () -> true);
    }

    /** As {@link #run(Command)}, and calls the command off when its onlooker says so. */
    public Finished run(Command command, Onlooker onlooker) throws InterruptedException {
        String mark = command.environment().getOrDefault(MARK, name) + "." + count.incrementAndGet();
        var environment = new HashMap<>(command.environment());
        environment.put(MARK, mark);
        Enclosure enclosure = Enclosure.of(command.isolation().hiding(hidden));
        return run(command, environment, enclosure, enclosure.isTight() ? null : new Escapees(mark), onlooker);
    }

    /**
     * Runs a command whose purpose is to leave a daemon behind, such as the start of a server. What stays in its process
     * group is killed as ever, and what opened a session of its own lives on.
     */
    public Finished launch(Command command) throws InterruptedException {
        return run(command, command.environment(), Enclosure.of(command.isolation()), null, () -> true);
    }

    /** Runs a trusted command, such as git, and returns its output. It may leave daemons behind, as {@link #launch}. */
    public Captured capture(
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            @Nullable String input,
            Limits limits)
            throws InterruptedException {
        try {
            Path folder = temporary.make();
            try {
                Path stdout = folder.resolve("out");
                Path stderr = folder.resolve("err");
                var finished = launch(new Command(arguments, directory, environment, input, stdout, stderr, limits));
                return new Captured(finished, Files.readAllBytes(stdout), finished.stderrTail(CAPTURED_ERROR_BYTES));
            } finally {
                temporary.discard(folder);
            }
        } catch (IOException e) {
            throw unwritable("the output of " + arguments.getFirst(), e);
        }
    }

    /**
     * As {@link #capture}, for callers that cannot be interrupted in the middle of what they do.
     *
     * @throws LoreleyException of kind INTERRUPTED if this thread was interrupted, or the runner closed
     */
    public Captured answer(
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            @Nullable String input,
            Limits limits) {
        try {
            return capture(arguments, directory, environment, input, limits);
        } catch (InterruptedException e) {
            throw new LoreleyException(
                    FailureKind.INTERRUPTED, "told to stop while '%s' ran".formatted(arguments.getFirst()), e);
        }
    }

    /** Starts a trusted program that is talked to over its standard streams until it is closed. */
    public LongLived open(List<String> arguments, Path directory, Map<String, String> environment) {
        Process process = launcher.converse(arguments, directory, environment);
        var group = new ProcessGroup(process);
        register(group);
        return new LongLived(process, group, () -> running.remove(group));
    }

    /**
     * Kills the group that a thread waits for, if it does. Its {@link #run} then throws InterruptedException, as if the
     * thread had been interrupted; an interrupt itself would also break its connection to the database.
     */
    public void interrupt(Thread waiting) {
        running.forEach((group, thread) -> {
            if (thread.equals(waiting)) {
                interrupted.add(thread);
                group.kill();
            }
        });
    }

    /** As {@link #interrupt}, of every thread that waits at this moment. */
    public void interruptAll() {
        running.values().forEach(this::interrupt);
    }

    /** Kills every group that still runs, and refuses to start more. A thread that waits for one is interrupted. */
    @Override
    public void close() {
        closed.set(true);
        running.keySet().forEach(ProcessGroup::kill);
    }

    /**
     * Kills the processes of this machine, whoever started them, that carry the mark, or one that begins with it and a
     * dot. For what a Loreley that was itself killed left behind. Linux only; elsewhere nothing is found.
     *
     * @return how many there were
     */
    public static int sweep(String marker) {
        return new Escapees(marker).end();
    }

    /** What to do with a folder. */
    public interface Use<T> {
        T in(Path folder) throws InterruptedException;
    }

    /** Makes a folder for the temporary files of a command, which is gone afterwards. */
    public <T> T withTemporaryFolder(Use<T> use) throws InterruptedException {
        Path folder;
        try {
            folder = temporary.make();
        } catch (IOException e) {
            throw unwritable("a folder for temporary files", e);
        }
        try {
            return use.in(folder);
        } finally {
            temporary.discard(folder);
        }
    }

    /** Where the temporary files of commands lie, and what is written to their standard input. */
    public static Path temporaryFolder() {
        return TemporaryFolders.SYSTEM;
    }

    /**
     * Deletes the temporary folders of runners that were killed.
     *
     * @param isGone whether nobody lives who has that name
     * @return of how many
     */
    public static int sweepTemporary(Predicate<String> isGone) {
        return TemporaryFolders.sweep(isGone);
    }

    private Finished run(
            Command command,
            Map<String, String> environment,
            Enclosure enclosure,
            @Nullable Escapees escapees,
            Onlooker onlooker)
            throws InterruptedException {
        long started = System.nanoTime();
        try (OutputFiles output = OutputFiles.of(command)) {
            Process process = start(command, environment, enclosure);
            var group = new ProcessGroup(process);
            register(group);
            boolean forced = true;
            Ending ending;
            try {
                ending = watch(new Watch(process, command, output, started), process, onlooker);
                forced = !(ending instanceof Ending.Exited);
            } finally {
                if (forced) {
                    group.terminate();
                } else {
                    group.kill();
                }
                if (escapees != null && (forced || System.nanoTime() - started > THOROUGH_NANOS)) {
                    escapees.end();
                } else if (escapees != null) {
                    escapees.endBornSince(process.pid());
                }
                running.remove(group);
            }
            if (interrupted.remove(Thread.currentThread()) || closed.get()) {
                throw new InterruptedException(
                        "stopped while '%s' ran".formatted(command.arguments().getFirst()));
            }
            if (ending instanceof Ending.OutputExceeded) {
                // Of what was written between the last look and the kill.
                output.cut(command.limits().outputBytes());
            }
            return new Finished(command, ending, Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private static Ending watch(Watch watch, Process process, Onlooker onlooker) throws InterruptedException {
        while (true) {
            boolean ended = process.waitFor(Math.min(POLL_NANOS, watch.left()), TimeUnit.NANOSECONDS);
            Ending ending = watch.look(ended);
            if (ending != null) {
                return ending;
            }
            if (!onlooker.look()) {
                return new Ending.CalledOff();
            }
        }
    }

    private Process start(Command command, Map<String, String> environment, Enclosure enclosure) {
        if (command.input() == null) {
            return start(command, environment, enclosure, NOTHING);
        }
        // A file and not a pipe: a program that does not read its input cannot block us.
        Path folder = null;
        try {
            folder = temporary.make();
            Path input = Files.write(folder.resolve("in"), command.input().getBytes(StandardCharsets.UTF_8));
            return start(command, environment, enclosure, input);
        } catch (IOException e) {
            throw unwritable("the input of " + command.arguments().getFirst(), e);
        } finally {
            if (folder != null) {
                temporary.discard(folder); // the program has it open
            }
        }
    }

    private Process start(Command command, Map<String, String> environment, Enclosure enclosure, Path input) {
        return launcher.start(
                enclosure.words(command.limits().resources().fileBytes()),
                command.arguments(),
                command.directory(),
                environment,
                new Streams(input, command.stdout(), command.stderr()));
    }

    private void register(ProcessGroup group) {
        running.put(group, Thread.currentThread());
        if (closed.get()) {
            group.kill();
        }
    }

    private static LoreleyException unwritable(String what, IOException cause) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "A file cannot be written or read (%s): %s".formatted(what, cause.getMessage()),
                cause);
    }
}
