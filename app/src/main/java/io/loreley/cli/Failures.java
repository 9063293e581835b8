package io.loreley.cli;

import io.loreley.cli.settings.NearestKey;
import io.loreley.domain.LoreleyException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What a person sees of a failure, and the exit code. An expected failure is one paragraph; a bug of Loreley says so and
 * keeps its trace for the log and for {@code --verbose}.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    static final int OK = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Surroundings surroundings;

    Failures(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.atError().setCause(failure).log("command.failed");
        boolean expected = failure instanceof LoreleyException;
        surroundings
                .err()
                .println(
                        expected
                                ? "loreley: " + failure.getMessage()
                                : "loreley: this is a bug of Loreley: " + failure);
        if (MachineOptions.isVerbose(command)) {
            failure.printStackTrace(surroundings.err());
        } else if (!expected) {
            LogFile.current().ifPresent(file -> surroundings.err().println("The trace is in " + file));
            if (command.getCommandSpec().findOption("--verbose") != null) {
                surroundings.err().println("--verbose shows the trace here.");
            }
        }
        return failure instanceof LoreleyException known ? code(known) : FAILURE;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        surroundings.err().println("loreley: " + failure.getMessage() + suggestion(failure));
        surroundings.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    private static String suggestion(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        CommandLine command = failure.getCommandLine();
        Set<String> known = new HashSet<>(command.getCommandSpec().optionsMap().keySet());
        known.addAll(command.getSubcommands().keySet());
        return NearestKey.of(unmatched.getUnmatched().getFirst(), known)
                .map("; did you mean %s?"::formatted)
                .orElse("");
    }

    private static int code(LoreleyException failure) {
        return switch (failure.kind()) {
            case CONFIGURATION -> USAGE;
            case INTERRUPTED -> INTERRUPTED;
            default -> FAILURE;
        };
    }
}
