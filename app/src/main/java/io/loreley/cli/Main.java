package io.loreley.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The start of everything: reads the command line, runs the command, answers with an exit code. */
@Command(
        name = "loreley",
        description = "Quality-diversity search over the commits of a Git repository.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:something failed", "2:the command line or a setting is wrong", "130:interrupted"},
        footer = {"", "Begin with: loreley run examples/circle-packing"})
public final class Main implements Runnable {

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Main(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public static void main(String[] arguments) {
        // Some languages write numbers in digits of their own, which no SQL and no port is made of.
        Locale.setDefault(Locale.ROOT);
        System.exit(execute(
                Surroundings.ofThisProcess(), new LocalEngine(InstantSource.system(), System.getenv()), arguments));
    }

    static int execute(Surroundings surroundings, Engine engine, String... arguments) {
        Failures failures = new Failures(surroundings);
        return line(surroundings, engine)
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .execute(arguments);
    }

    /** All commands, and what each of them takes. */
    static CommandLine line(Surroundings surroundings, Engine engine) {
        CommandLine line = new CommandLine(new Main(surroundings))
                .addSubcommand(new RunCommand(surroundings, engine))
                .addSubcommand(new SchedulerCommand(surroundings, engine))
                .addSubcommand(new WorkerCommand(surroundings, engine))
                .addSubcommand(new StatusCommand(surroundings, engine))
                .addSubcommand(new TopCommand(surroundings))
                .addSubcommand(new DoctorCommand(surroundings, engine))
                .addSubcommand(new ExperimentsCommand(surroundings))
                .addSubcommand(new ServerCommand(surroundings, engine))
                .addSubcommand(new ExportCommand(surroundings))
                .addSubcommand(new ReportCommand(surroundings))
                .addSubcommand(new TokenCommand(surroundings))
                .addSubcommand(new DbCommand(surroundings))
                .addSubcommand(new HelpCommand())
                .addSubcommand(new InitCommand(surroundings))
                .addSubcommand(new ParetoCommand(surroundings))
                .addSubcommand(new TrainCommand(surroundings, engine))
                .addSubcommand(new ReferenceCommand(surroundings));
        new Orders(surroundings, engine).all().forEach(line::addSubcommand);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(surroundings.out());
    }
}
