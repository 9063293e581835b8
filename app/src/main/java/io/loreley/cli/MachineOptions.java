package io.loreley.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Flags of this machine that every command takes. */
final class MachineOptions {

    @Option(names = "--home", paramLabel = "DIR", description = "Loreley's own folder (LORELEY_HOME, ~/.loreley).")
    private @Nullable Path home;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "A PostgreSQL to use instead of the embedded one (DATABASE_URL).")
    private @Nullable String databaseUrl;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace (LOG_LEVEL, info).")
    private @Nullable String logLevel;

    @Option(names = "--log-format", paramLabel = "FORMAT", description = "text or json (LOG_FORMAT, text).")
    private @Nullable String logFormat;

    @Option(names = "--verbose", description = "Show the trace of a failure.")
    @SuppressWarnings("UnusedVariable") // read through picocli
    private boolean verbose;

    MachineSettings settings(@Nullable Integer workers, Map<String, String> environment) {
        return MachineSettings.of(home, databaseUrl, workers, logLevel, environment)
                .with(LogFormat.parse(logFormat != null ? logFormat : environment.getOrDefault("LOG_FORMAT", "")))
                .with(Membership.of(null, null, environment));
    }

    /** Does what needs this machine's database and folders, and closes them. What is logged goes to a file named so. */
    <T> T wired(String log, Surroundings surroundings, Function<Wiring, T> work) {
        MachineSettings settings = settings(null, surroundings.environment());
        LogFile.open(settings, log, surroundings.clock());
        try (Wiring wiring = new Wiring(settings, surroundings.clock(), surroundings.environment())) {
            return work.apply(wiring);
        }
    }

    /** Whether a command was given the flag; asked of picocli, since a command that failed cannot be asked itself. */
    static boolean isVerbose(CommandLine command) {
        OptionSpec flag = command.getCommandSpec().findOption("--verbose");
        return flag != null && Boolean.TRUE.equals(flag.getValue());
    }
}
