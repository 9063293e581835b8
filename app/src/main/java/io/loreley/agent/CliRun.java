package io.loreley.agent;

import io.loreley.agent.cli.AgentCli;
import io.loreley.agent.cli.CliTask;
import io.loreley.agent.cli.EventStream;
import io.loreley.agent.cli.Invocation;
import io.loreley.agent.cli.Verdict;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Command;
import io.loreley.process.Ending;
import io.loreley.process.Finished;
import io.loreley.process.KnownSecrets;
import io.loreley.process.LineReader;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a coding agent's program: in a home of its own, with an environment built from nothing, its events read while it
 * works. No process of it is left when {@link #ask} returns or throws, and no known secret in what it printed.
 */
final class CliRun {

    /** Bytes on both streams together: events repeat what tools printed. */
    static final long OUTPUT_LIMIT = 64L << 20;

    /** Bytes of one event; a longer one holds a tool's output, and nothing that is read here. */
    private static final int LONGEST_EVENT = 8 << 20;

    private static final Duration USUAL_SILENCE = Duration.ofMinutes(10);

    private static final int ERROR_TAIL = 4_000;

    /** Who an agent is that commits by itself; its commits are made into one, by Loreley. */
    private static final Map<String, String> GIT_IDENTITY = Map.of(
            "GIT_AUTHOR_NAME", "agent",
            "GIT_AUTHOR_EMAIL", "agent@localhost",
            "GIT_COMMITTER_NAME", "agent",
            "GIT_COMMITTER_EMAIL", "agent@localhost");

    private final AgentCli cli;
    private final AgentSettings settings;
    private final Path homes;
    private final Map<String, String> environment;
    private final @Nullable Secret key;
    private final KnownSecrets secrets;
    private final ProcessRunner runner;

    CliRun(AgentCli cli, AgentSettings settings, Path homes, Map<String, String> environment, ProcessRunner runner) {
        this.cli = cli;
        this.settings = settings;
        this.homes = homes;
        this.environment = BaseEnvironment.of(environment, settings.passEnvironment());
        this.key = key(environment).map(Secret::new).orElse(null);
        this.secrets = key == null
                ? KnownSecrets.of(environment)
                : KnownSecrets.of(environment).and(key.value());
        this.runner = runner;
    }

    private Optional<String> key(Map<String, String> environment) {
        String named = settings.cli().keyVariable();
        List<String> variables = named == null ? cli.keyVariables() : List.of(named);
        return variables.stream()
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }

    /** What must not be found in anything that is kept. */
    KnownSecrets secrets() {
        return secrets;
    }

    /**
     * What the agent is to do.
     *
     * @param schema handed to the agent's provider; absent where there is none or it stands in the prompt
     */
    record Question(String prompt, @Nullable String schema, boolean mayEdit, Duration time) {}

    /** The agent's last message. */
    record Answer(String text, Duration elapsed) {}

    Answer ask(Question question, Path workTree, Exchange exchange, Meter meter) throws InterruptedException {
        requireKey();
        try (CliHome home = CliHome.in(homes)) {
            CliTask task = new CliTask(
                    question.mayEdit(), question.prompt(), question.schema(), workTree, home.folder(), options());
            Invocation call = cli.invocation(task);
            home.write(call.files());
            Command command = command(call, question, workTree, home.folder(), exchange);
            EventStream events = cli.events(task);
            Finished finished = run(command, exchange, events, meter);
            return new Answer(secrets.mask(verdict(finished, events)), finished.elapsed());
        }
    }

    private Finished run(Command command, Exchange exchange, EventStream events, Meter meter)
            throws InterruptedException {
        LineReader lines = new LineReader(command.stdout(), LONGEST_EVENT);
        try {
            return runner.run(command, () -> {
                lines.read(events::line);
                events.spent().forEach(meter::spent);
                return events.fatal().isEmpty()
                        && events.events() <= settings.limits().events();
            });
        } catch (LoreleyException e) {
            if (e.kind() == FailureKind.CONFIGURATION) {
                throw Role.AGENT.crashed(
                        "%s could not be started: %s To install it: %s."
                                .formatted(settings.kind().word(), e.getMessage(), cli.installation()),
                        e);
            }
            throw e;
        } finally {
            lines.readToEnd(events::line);
            events.end();
            events.spent().forEach(meter::spent);
            exchange.mask(secrets);
        }
    }

    private Command command(Invocation call, Question question, Path workTree, Path home, Exchange exchange) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("HOME", home.toString());
        variables.put("TMPDIR", home.resolve(CliHome.TEMPORARY).toString());
        variables.put("TERM", "dumb");
        variables.put("NO_COLOR", "1");
        variables.put("CI", "1");
        variables.putAll(GIT_IDENTITY);
        variables.putAll(call.environment());
        return new Command(
                call.arguments(),
                workTree,
                variables,
                call.input(),
                exchange.stdout(),
                exchange.stderr(),
                settings.limits().limits(question.time(), OUTPUT_LIMIT, USUAL_SILENCE),
                settings.limits().isolation(List.of(workTree, home)));
    }

    private CliTask.Options options() {
        CliSettings cli = settings.cli();
        return new CliTask.Options(
                cli.program(),
                settings.model(),
                cli.arguments(),
                cli.baseUrl(),
                key,
                settings.limits().costUsd());
    }

    private void requireKey() {
        if (key == null && settings.cli().baseUrl() == null) {
            String named = settings.cli().keyVariable();
            throw new LoreleyException(
                    FailureKind.AGENT_AUTH,
                    "The agent %s has no key: set the environment variable %s where Loreley runs."
                            .formatted(
                                    settings.kind().word(),
                                    named == null ? String.join(" or ", cli.keyVariables()) : named));
        }
    }

    /** The last message of a run that came to a good end. */
    private String verdict(Finished finished, EventStream events) {
        String name = settings.kind().word();
        if (events.fatal().isPresent()) {
            throw failure(events.fatal().get());
        }
        return switch (finished.ending()) {
            case Ending.Exited(int code) ->
                switch (events.verdict(code, finished.stderrTail(ERROR_TAIL))) {
                    case Verdict.Answered(String text) -> text;
                    case Verdict.Failed failed -> throw failure(failed, finished);
                };
            case Ending.TimedOut() ->
                throw Role.AGENT.overran("%s did not end within %d s and was stopped."
                        .formatted(name, finished.command().limits().time().toSeconds()));
            case Ending.WentSilent() ->
                throw Role.AGENT.overran(
                        "%s printed nothing for as long as it may (limits.silence) and was stopped.".formatted(name));
            case Ending.OutputExceeded() ->
                throw Role.AGENT.unreadable(
                        "%s printed more than %,d bytes and was stopped.".formatted(name, OUTPUT_LIMIT), null);
            case Ending.CalledOff() ->
                throw new LoreleyException(
                        FailureKind.AGENT_BUDGET,
                        "The agent %s made more than %,d events (limits.events) and was stopped."
                                .formatted(name, settings.limits().events()));
            case Ending.Exhausted(var resource) ->
                throw Role.AGENT.crashed("%s was stopped. %s".formatted(name, describe(finished)), null);
        };
    }

    private LoreleyException failure(Verdict.Failed failed) {
        return new LoreleyException(
                failed.kind(),
                secrets.mask("The agent %s %s.".formatted(settings.kind().word(), failed.why())));
    }

    /** A crash is told with what was printed: it may be the only trace of its cause. */
    private LoreleyException failure(Verdict.Failed failed, Finished finished) {
        return failed.kind() == FailureKind.AGENT_CRASH
                ? Role.AGENT.crashed(
                        secrets.mask("%s %s.\n%s".formatted(settings.kind().word(), failed.why(), describe(finished))),
                        null)
                : failure(failed);
    }

    private String describe(Finished finished) {
        return secrets.mask(finished.describe());
    }
}
