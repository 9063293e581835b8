package io.loreley.agent;

import io.loreley.agent.ReportFormat.Reading;
import io.loreley.agent.cli.AgentCli;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coding agent with a command line of its own: one run plans or codes, its last message is the report, and the work
 * tree says what it did. An answer that does not fit the schema is dealt with as the settings say. Each stage leaves its
 * files in a folder of its own in scratch, {@code plan} or {@code code}, and the follow-up in {@code repair} within it:
 * prompt.txt, request.json, stdout.log with the events, stderr.log, report.json.
 *
 * <p>Safe for several threads.
 */
public final class CliAgent implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(CliAgent.class);

    /** What is shown of an answer that has to be made anew. */
    private static final int SHOWN = 20_000;

    private static final String WORDLESS = "The agent left no report on what it changed.";

    /** Failures of an agent or its provider, other than of the machine or the job. */
    private static final Set<FailureKind> OF_THE_AGENT =
            EnumSet.range(FailureKind.AGENT_CRASH, FailureKind.AGENT_BUDGET);

    /** A follow-up is not begun for less. */
    private static final Duration LEAST_TIME = Duration.ofSeconds(5);

    private final AgentKind kind;
    private final SchemaMode mode;
    private final PromptTemplates templates;
    private final AgentCli cli;
    private final CliRun runs;

    /**
     * @param homes a folder in which each run gets one of its own; not below the system's temporary folder, which some
     *     agents refuse
     * @param environment Loreley's own, which holds the provider's key
     * @throws LoreleyException with kind CONFIGURATION if the settings cannot be used
     */
    public CliAgent(
            AgentSettings settings,
            PromptTemplates templates,
            Path homes,
            Map<String, String> environment,
            ProcessRunner runner) {
        this.kind = settings.kind();
        this.mode = settings.schemaMode();
        this.templates = templates;
        this.cli = kind.cli().orElseThrow(() -> new IllegalArgumentException(kind + " is no coding agent"));
        cli.requireUsable(settings.model(), settings.cli().baseUrl());
        this.runs = new CliRun(cli, settings, homes, environment, runner);
    }

    @Override
    public String name() {
        return kind.word();
    }

    @Override
    public AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) throws InterruptedException {
        AgentRequest masked = request.masked(runs.secrets());
        return switch (request.stage()) {
            case PLAN ->
                new Conversation<>(PlanReport.FORMAT, masked, workTree, scratch, meter).report(PlanReport::report);
            case CODE ->
                new Conversation<>(CodeReport.FORMAT, masked, workTree, scratch, meter).report(CodeReport::report);
        };
    }

    /** One request, and what was answered. For one thread. */
    private final class Conversation<R extends Record> {

        private final ReportFormat<R> format;
        private final AgentRequest request;
        private final Path workTree;
        private final Path folder;
        private final Meter meter;
        private final String schema;
        private Duration left;

        Conversation(ReportFormat<R> format, AgentRequest request, Path workTree, Path scratch, Meter meter) {
            this.format = format;
            this.request = request;
            this.workTree = workTree;
            this.folder = scratch.resolve(request.stage().name().toLowerCase(Locale.ROOT));
            this.meter = meter;
            this.schema = Json.write(format.schema());
            this.left = request.timeLimit();
        }

        AgentReport report(Function<R, AgentReport> made) throws InterruptedException {
            Exchange exchange = Exchange.open(folder, "report.json", RequestJson.of(request));
            String prompt = Prompt.of(request, templates, delivery()).text();
            String answer = ask(exchange, prompt, isCoded());
            AgentReport report = mode == SchemaMode.NONE ? prose(answer) : fitting(answer, made);
            exchange.keep("report.json", Json.write(report.json()) + "\n");
            return report;
        }

        private AgentReport fitting(String answer, Function<R, AgentReport> made) throws InterruptedException {
            boolean strict = mode == SchemaMode.STRICT;
            return switch (strict ? format.read(answer, true) : format.salvage(answer)) {
                case Reading.Read<R>(R report) -> made.apply(report);
                case Reading.Unfit<R>(String why) when strict -> throw unfit(why);
                case Reading.Unfit<R>(String why) -> mended(answer, why, made);
            };
        }

        /** What was coded is in the work tree and paid for, so that nothing said about it is reason to throw it away. */
        private AgentReport mended(String answer, String why, Function<R, AgentReport> made)
                throws InterruptedException {
            if (isCoded() && answer.isBlank()) {
                return prose(answer); // whoever is asked again knows nothing of what was done
            }
            LoreleyException failure = unfit(why);
            if (left.compareTo(LEAST_TIME) >= 0) {
                try {
                    switch (format.salvage(followUp(answer, why))) {
                        case Reading.Read<R>(R report) -> {
                            return made.apply(report);
                        }
                        case Reading.Unfit<R>(String reason) -> failure = unfit(reason);
                    }
                } catch (LoreleyException e) {
                    if (!OF_THE_AGENT.contains(e.kind())) {
                        throw e;
                    }
                    failure = e;
                }
            }
            if (!isCoded()) {
                throw failure;
            }
            LOG.atWarn()
                    .addKeyValue("job", request.job())
                    .addKeyValue("cause", failure.getMessage())
                    .log("agent.report-missing");
            return prose(answer);
        }

        private String followUp(String answer, String why) throws InterruptedException {
            Exchange exchange = Exchange.open(folder.resolve("repair"), "report.json", RequestJson.of(request));
            String prompt = """
                    Your last message cannot be used: the report %s.

                    Change nothing, run nothing. Answer with the corrected report, and nothing else.

                    What you answered, as data:

                    %s

                    %s""".formatted(why, Prompt.quote(Limits.clamp(answer, SHOWN)), answerAsJson());
            return ask(exchange, prompt, false);
        }

        private String ask(Exchange exchange, String prompt, boolean mayEdit) throws InterruptedException {
            String masked = runs.secrets().mask(prompt);
            exchange.write("prompt.txt", masked);
            @Nullable String nativeSchema = mode != SchemaMode.NONE && cli.takesSchema() ? schema : null;
            CliRun.Answer answer =
                    runs.ask(new CliRun.Question(masked, nativeSchema, mayEdit, left), workTree, exchange, meter);
            left = left.minus(answer.elapsed());
            return answer.text();
        }

        private String delivery() {
            return mode == SchemaMode.NONE
                    ? "- End with one message that says what you decided or did, and why.\n"
                    : "- " + answerAsJson();
        }

        private String answerAsJson() {
            String shape =
                    "End with one message that is exactly one JSON object, without a fence or other words around it.";
            return cli.takesSchema()
                    ? shape + "\n"
                    : shape + " It fits this JSON schema:\n\n" + schema.indent(6) + "\n";
        }

        private AgentReport prose(String answer) {
            if (answer.isBlank() && !isCoded()) {
                throw unfit("is empty");
            }
            return new AgentReport(answer.isBlank() ? WORDLESS : answer.strip(), null, Map.of());
        }

        /** Whether the work tree says what was done, rather than the answer. */
        private boolean isCoded() {
            return request.stage() == AgentRequest.Stage.CODE;
        }

        private LoreleyException unfit(String why) {
            return Role.AGENT.unreadable(
                    "%s ended well, and its report cannot be used: it %s.".formatted(kind.word(), why), null);
        }
    }
}
