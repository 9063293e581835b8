package io.loreley.contract;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Command;
import io.loreley.process.Ending;
import io.loreley.process.Finished;
import io.loreley.process.Isolation;
import io.loreley.process.KnownSecrets;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's program under the contract: it finds its task in the file that LORELEY_REQUEST names, leaves its answer in
 * the one that LORELEY_RESULT names, and exits with 0. Any other ending is a failure with the role's kind and a message
 * that holds the tails of what it printed. No process of it is left when {@link #run} returns or throws.
 *
 * <p>Safe for several threads, each with an exchange of its own.
 */
public final class ContractProgram {

    public static final String REQUEST_VARIABLE = "LORELEY_REQUEST";
    public static final String RESULT_VARIABLE = "LORELEY_RESULT";

    /** Stands in an argument for where the answer goes, for programs that are told it so. */
    public static final String RESULT_ARGUMENT = "${" + RESULT_VARIABLE + "}";

    /** Bytes a program may print on both streams together: a talkative build fits, a runaway loop does not. */
    public static final long OUTPUT_LIMIT = 64L << 20;

    /** Shells and the JDK report death by signal n as exit code 128 + n; some programs exit with how much failed. */
    private static final int SIGNAL_BASE = 128;

    private static final int LAST_SIGNAL = 64;

    private final Role role;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final KnownSecrets secrets;
    private final ProcessRunner runner;

    /**
     * @param environment all that the program sees besides the contract's own two variables
     * @param secrets masked in whatever is kept of it
     */
    public ContractProgram(
            Role role,
            List<String> arguments,
            Map<String, String> environment,
            KnownSecrets secrets,
            ProcessRunner runner) {
        this.role = role;
        this.secrets = secrets;
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.runner = runner;
    }

    /** The same program with a place of its own for temporary files. */
    public ContractProgram in(Path temporary) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("TMPDIR", temporary.toString());
        return new ContractProgram(role, arguments, variables, secrets, runner);
    }

    /**
     * Runs it to a good end.
     *
     * @throws NotStartedException if it never came to run
     */
    public Finished run(Path directory, Exchange exchange, @Nullable String input, Limits limits, Isolation isolation)
            throws InterruptedException {
        Finished finished = attempt(directory, exchange, input, limits, isolation);
        if (!finished.success()) {
            throw failed(finished);
        }
        return finished;
    }

    /** Runs it until it ends by itself, with whatever exit code: some programs say by it what they found. */
    public Finished attempt(
            Path directory, Exchange exchange, @Nullable String input, Limits limits, Isolation isolation)
            throws InterruptedException {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(REQUEST_VARIABLE, exchange.request().toString());
        String result = exchange.awaited().toString();
        variables.put(RESULT_VARIABLE, result);
        Command command = new Command(
                told(result), directory, variables, input, exchange.stdout(), exchange.stderr(), limits, isolation);
        Finished finished = start(command, exchange);
        return switch (finished.ending()) {
            case Ending.Exited(int code) when !isSignal(code) -> finished;
            case Ending.Exited ignored -> throw failed(finished);
            case Ending.TimedOut() ->
                throw role.overran("did not end within %s and was stopped. %s"
                        .formatted(words(limits.time()), describe(finished)));
            case Ending.WentSilent() ->
                throw role.overran("wrote nothing for as long as it may and was stopped. " + describe(finished));
            case Ending.Exhausted ignored -> throw role.crashed("was stopped. " + describe(finished), null);
            case Ending.CalledOff() -> throw new AssertionError("nobody looks on");
            case Ending.OutputExceeded() ->
                throw role.unreadable(
                        "printed more than %,d bytes and was stopped. %s"
                                .formatted(limits.outputBytes(), describe(finished)),
                        null);
        };
    }

    /** The failure of one whose exit code does not count as an answer. */
    public LoreleyException failed(Finished finished) {
        if (!(finished.ending() instanceof Ending.Exited(int code))) {
            throw new IllegalArgumentException("it did not end by itself: " + finished.ending());
        }
        return role.crashed(exit(code) + ". " + describe(finished), null);
    }

    /** Command, how it ended, and what it printed last, without secrets. */
    public String describe(Finished finished) {
        return secrets.mask(finished.describe());
    }

    /** One that cannot be started is the candidate's fault only if the candidate brings it; a full disk stays what it is. */
    private Finished start(Command command, Exchange exchange) throws InterruptedException {
        try {
            return runner.run(command);
        } catch (LoreleyException e) {
            if (e.kind() == FailureKind.CONFIGURATION) {
                String what = "could not be started: " + e.getMessage();
                throw new NotStartedException(isInside(command) ? role.crashed(what, e) : role.absent(what, e));
            }
            throw new NotStartedException(e);
        } finally {
            exchange.takeIn();
            exchange.mask(secrets);
        }
    }

    /** Whether the program lies in the folder where it runs, whose files are the candidate's. */
    private static boolean isInside(Command command) {
        String program = command.arguments().getFirst();
        return program.indexOf('/') >= 0
                && command.directory()
                        .resolve(program)
                        .normalize()
                        .startsWith(command.directory().normalize());
    }

    private List<String> told(String result) {
        return arguments.stream()
                .map(argument -> argument.replace(RESULT_ARGUMENT, result))
                .toList();
    }

    private static boolean isSignal(int code) {
        return code > SIGNAL_BASE && code <= SIGNAL_BASE + LAST_SIGNAL;
    }

    private static String exit(int code) {
        return isSignal(code)
                ? "was ended by signal %d (exit code %d)".formatted(code - SIGNAL_BASE, code)
                : "ended with exit code " + code;
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
