package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands, each in a session and process group of its own, and leaves nothing of them behind: whatever the ending,
 * the group is killed, and on Linux also what has left the group, found by a mark in its environment. Safe for many
 * threads; each call blocks its own.
 */
public final class ProcessRunner implements AutoCloseable {

    /** Carried by everything a command starts, so that what left its group can be found. */
    static final String MARK = "LORELEY_MARK";

    /** Between a polite signal and the other. */
    private static final Duration GRACE = Duration.ofMillis(500);
    /** How often the size of the output is looked at. */
    private static final Duration WATCH = Duration.ofMillis(50);

    private static final File NOTHING = new File("/dev/null");

    private final List<String> newSession = SessionPrefix.find();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /**
     * Runs a command to its end.
     *
     * @throws LoreleyException of kind CONFIGURATION if the program cannot be started
     * @throws InterruptedException if this thread was interrupted; everything the command started is dead by then
     */
    public Finished run(Command command) throws InterruptedException {
        long started = System.nanoTime();
        String mark = UUID.randomUUID().toString();
        Process process = start(builder(command.arguments(), command.directory(), command.environment(), mark)
                .redirectInput(
                        command.input() == null ? ProcessBuilder.Redirect.from(NOTHING) : ProcessBuilder.Redirect.PIPE)
                .redirectOutput(command.stdout().toFile())
                .redirectError(command.stderr().toFile()));
        boolean forced = true;
        try {
            feed(process, command.input());
            Ending ending = await(process, command, started);
            forced = !(ending instanceof Ending.Exited);
            return new Finished(command, ending, Duration.ofNanos(System.nanoTime() - started));
        } finally {
            end(process, mark, forced);
        }
    }

    /** The output of a short, trusted program such as git, read through pipes. Its failure is an answer, not an error. */
    public Captured capture(
            List<String> arguments, Path directory, Map<String, String> environment, byte @Nullable [] input) {
        String mark = UUID.randomUUID().toString();
        Process process = start(builder(arguments, directory, environment, mark)
                .redirectInput(input == null ? ProcessBuilder.Redirect.from(NOTHING) : ProcessBuilder.Redirect.PIPE));
        try {
            var errors = new ArrayList<byte[]>();
            Thread reader = Thread.ofVirtual().start(() -> errors.add(readAll(process.getErrorStream())));
            if (input != null) {
                Thread.ofVirtual().start(() -> write(process, input));
            }
            byte[] output = readAll(process.getInputStream());
            reader.join();
            return new Captured(
                    arguments, process.waitFor(), output, errors.isEmpty() ? new byte[0] : errors.getFirst());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoreleyException(
                    FailureKind.INTERRUPTED,
                    "interrupted while `%s` was running".formatted(String.join(" ", arguments)),
                    e);
        } finally {
            running.remove(process);
            if (process.isAlive()) {
                end(process, mark, true);
            }
        }
    }

    /** Starts a program that answers on its pipes until it is closed. Its standard error is dropped. */
    public LongLived open(List<String> arguments, Path directory, Map<String, String> environment) {
        Process process = start(
                builder(arguments, directory, environment, UUID.randomUUID().toString())
                        .redirectError(NOTHING));
        return new LongLived(process, () -> running.remove(process));
    }

    /** Kills whatever is still running. */
    @Override
    public void close() {
        for (Process process : running) {
            Signals.toGroup(process.pid(), Signals.KILL);
        }
    }

    private ProcessBuilder builder(
            List<String> arguments, Path directory, Map<String, String> environment, String mark) {
        List<String> line = new ArrayList<>(newSession);
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(MARK, mark);
        requireProgram(arguments.getFirst(), directory, environment.getOrDefault("PATH", ""));
        return builder;
    }

    private Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "cannot start `%s` in %s: %s"
                            .formatted(String.join(" ", builder.command()), builder.directory(), e.getMessage()),
                    e);
        }
    }

    /** The session wrapper would only say this on the command's own standard error, as exit code 127. */
    private static void requireProgram(String program, Path directory, String path) {
        boolean found = program.contains("/")
                ? Files.isExecutable(directory.resolve(program))
                : List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    program.contains("/")
                            ? "the program %s does not exist or is not executable (seen from %s)"
                                    .formatted(program, directory)
                            : "the program '%s' is not on the PATH (%s)".formatted(program, path));
        }
    }

    private static void feed(Process process, @Nullable String input) {
        if (input != null) {
            Thread.ofVirtual().start(() -> write(process, input.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** A program that does not read its input to the end is within its rights. */
    private static void write(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // it closed its end
        }
    }

    private static Ending await(Process process, Command command, long started) throws InterruptedException {
        long deadline = started + command.limits().time().toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            if (process.waitFor(Math.min(left, WATCH.toNanos()), TimeUnit.NANOSECONDS)) {
                return written(command) > command.limits().outputBytes()
                        ? new Ending.OutputExceeded()
                        : new Ending.Exited(process.exitValue());
            }
            if (written(command) > command.limits().outputBytes()) {
                return new Ending.OutputExceeded();
            }
            if (left <= 0) {
                return new Ending.TimedOut();
            }
        }
    }

    private static long written(Command command) {
        return command.stdout().toFile().length() + command.stderr().toFile().length();
    }

    /** Ends the group, politely first if it has not ended by itself, and then what has left it. */
    private void end(Process process, String mark, boolean forced) {
        long group = process.pid();
        if (forced && Signals.toGroup(group, Signals.TERM)) {
            awaitUninterrupted(process, GRACE);
        }
        Signals.toGroup(group, Signals.KILL);
        awaitUninterrupted(process, GRACE);
        MarkedProcesses.kill(mark);
        running.remove(process);
    }

    private static void awaitUninterrupted(Process process, Duration atMost) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] readAll(java.io.InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
