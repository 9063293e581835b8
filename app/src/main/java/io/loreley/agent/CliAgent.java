package io.loreley.agent;

import io.loreley.agent.ReportFormat.Reading;
import io.loreley.agent.cli.AgentCli;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A coding agent with a command line of its own: one run plans or codes, its last message is the report, and the work
 * tree says what it did. An answer that does not fit the schema is mended as the settings say. Each stage leaves its
 * files in a folder of its own in scratch, {@code plan} or {@code code}, and the follow-up in {@code repair} within it:
 * prompt.txt, request.json, stdout.log with the events, stderr.log, report.json.
 *
 * <p>Safe for several threads.
 */
public final class CliAgent implements Agent {

    /** What is shown of an answer that has to be made anew. */
    private static final int SHOWN = 20_000;

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
        this.runs = new CliRun(cli, settings, homes, environment, runner);
    }

    @Override
    public String name() {
        return kind.word();
    }

    @Override
    public AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) throws InterruptedException {
        return switch (request.stage()) {
            case PLAN ->
                new Conversation<>(PlanReport.FORMAT, request, workTree, scratch, meter).report(PlanReport::report);
            case CODE ->
                new Conversation<>(CodeReport.FORMAT, request, workTree, scratch, meter).report(CodeReport::report);
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
            String answer = ask(exchange, prompt, request.stage() == AgentRequest.Stage.CODE);
            AgentReport report = mode == SchemaMode.NONE ? prose(answer) : made.apply(fitting(answer));
            exchange.write("report.json", Json.write(report.json()) + "\n");
            return report;
        }

        private R fitting(String answer) throws InterruptedException {
            String why;
            switch (format.read(answer, mode == SchemaMode.STRICT)) {
                case Reading.Read<R>(R report) -> {
                    return report;
                }
                case Reading.Unfit<R>(String reason) -> why = reason;
            }
            if (mode == SchemaMode.STRICT) {
                throw unfit(why);
            }
            String second = left.compareTo(LEAST_TIME) < 0 ? answer : followUp(answer, why);
            return switch (format.salvage(second)) {
                case Reading.Read<R>(R report) -> report;
                case Reading.Unfit<R>(String reason) -> throw unfit(reason);
            };
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
            exchange.write("prompt.txt", runs.secrets().mask(prompt));
            @Nullable String nativeSchema = mode != SchemaMode.NONE && cli.takesSchema() ? schema : null;
            CliRun.Answer answer =
                    runs.ask(new CliRun.Question(prompt, nativeSchema, mayEdit, left), workTree, exchange, meter);
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
            if (answer.isBlank()) {
                throw unfit("is empty");
            }
            return new AgentReport(answer.strip(), null, Map.of());
        }

        private LoreleyException unfit(String why) {
            return Role.AGENT.unreadable(
                    "%s ended well, and its report cannot be used: it %s.".formatted(kind.word(), why), null);
        }
    }
}
