package io.loreley.process;

import java.time.Duration;
import java.util.stream.Collectors;

/** A command that has ended, and of which no process is left. Its output stays in the files of the command. */
public record Finished(Command command, Ending ending, Duration elapsed) {

    private static final int DESCRIBED_BYTES = 2_000;
    private static final int DESCRIBED_ARGUMENT = 200;

    public boolean success() {
        return ending instanceof Ending.Exited exited && exited.success();
    }

    /** The last bytes of standard output as text, credentials not masked. */
    public String stdoutTail(int bytes) {
        return OutputTail.read(command.stdout(), bytes);
    }

    /** The last bytes of standard error as text, credentials not masked. */
    public String stderrTail(int bytes) {
        return OutputTail.read(command.stderr(), bytes);
    }

    /** Command, how it ended, and the tails of both streams, for an error message; credentials masked. */
    public String describe() {
        StringBuilder text = described();
        if (!command.stdout().equals(command.stderr())) {
            append(text, "stdout", stdoutTail(DESCRIBED_BYTES));
        }
        return Credentials.mask(text.toString());
    }

    /** As {@link #describe}, without standard output: for a program that answers there. */
    public String describeWithoutOutput() {
        return Credentials.mask(described().toString());
    }

    private StringBuilder described() {
        var text = new StringBuilder(commandLine()).append('\n').append(how());
        append(text, "stderr", stderrTail(DESCRIBED_BYTES));
        return text;
    }

    private String how() {
        return switch (ending) {
            case Ending.Exited(int code) -> "ended with exit code %d after %d ms".formatted(code, elapsed.toMillis());
            case Ending.TimedOut() ->
                "was killed at its time limit of %s ms"
                        .formatted(command.limits().time().toMillis());
            case Ending.WentSilent() ->
                "was killed because it wrote nothing for as long as it may, after %d ms".formatted(elapsed.toMillis());
            case Ending.CalledOff() -> "was called off after %d ms".formatted(elapsed.toMillis());
            case Ending.Exhausted(var resource) ->
                "was killed at its limit of %s: %s".formatted(words(resource), limit(resource));
            case Ending.OutputExceeded() ->
                "was killed at its output limit of %d bytes"
                        .formatted(command.limits().outputBytes());
        };
    }

    private static String words(Ending.Resource resource) {
        return switch (resource) {
            case MEMORY -> "memory";
            case CPU_TIME -> "processor time";
            case PROCESSES -> "processes";
        };
    }

    private String limit(Ending.Resource resource) {
        Resources resources = command.limits().resources();
        return switch (resource) {
            case MEMORY -> resources.memoryBytes() + " bytes";
            case CPU_TIME -> String.valueOf(resources.cpuTime());
            case PROCESSES -> String.valueOf(resources.processes());
        };
    }

    private String commandLine() {
        return command.arguments().stream()
                .map(argument -> argument.length() <= DESCRIBED_ARGUMENT
                        ? argument
                        : argument.substring(0, DESCRIBED_ARGUMENT) + "…")
                .collect(Collectors.joining(" "));
    }

    private static void append(StringBuilder text, String stream, String tail) {
        String stripped = tail.strip();
        text.append('\n').append(stream).append(stripped.isEmpty() ? ": (empty)" : ":\n" + stripped);
    }
}
