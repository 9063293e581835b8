package io.loreley.agent;

import io.loreley.contract.CommandTemplate;
import io.loreley.contract.ContractProgram;
import io.loreley.contract.Exchange;
import io.loreley.contract.NotStartedException;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Finished;
import io.loreley.process.KnownSecrets;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any program as an agent: run in the work tree, the prompt on its standard input, request and report as JSON files.
 * {@code docs/agent-contract.md} is the contract in full. Each stage leaves its files in a folder of its own in scratch,
 * {@code plan} or {@code code}: prompt.txt, request.json, stdout.log, stderr.log, report.json.
 */
public final class CommandAgent implements Agent {

    private final PromptTemplates templates;
    private final ContainmentSettings containment;
    private final ProcessRunner runner;
    private final KnownSecrets secrets;
    private final boolean isCostAsked;
    private final ContractProgram coder;
    private final @Nullable ContractProgram planner;

    /**
     * @param project stands for {@code ${project}} in the commands
     * @param environment Loreley's own, of which the program sees the allowed part
     * @param isCostAsked whether a run that does not say what it cost is one of unknown cost, rather than one that calls no
     *     model
     * @throws LoreleyException with kind CONFIGURATION if a command is empty or holds an unknown placeholder
     */
    public CommandAgent(
            AgentSettings settings,
            PromptTemplates templates,
            Path project,
            Map<String, String> environment,
            ProcessRunner runner,
            boolean isCostAsked) {
        this.templates = templates;
        this.isCostAsked = isCostAsked;
        this.containment = settings.limits();
        this.runner = runner;
        this.secrets = KnownSecrets.of(environment);
        Map<String, String> allowed = BaseEnvironment.of(environment, settings.passEnvironment());
        coder = program("agent.command", settings.command(), project, allowed, secrets, runner);
        planner = settings.planCommand() == null
                ? null
                : program("agent.plan-command", settings.planCommand(), project, allowed, secrets, runner);
    }

    private static ContractProgram program(
            String setting,
            List<String> command,
            Path project,
            Map<String, String> environment,
            KnownSecrets secrets,
            ProcessRunner runner) {
        return new ContractProgram(
                Role.AGENT, new CommandTemplate(setting, command).expand(project), environment, secrets, runner);
    }

    @Override
    public String name() {
        return AgentKind.COMMAND.word();
    }

    @Override
    public AgentReport run(AgentRequest asked, Path workTree, Path scratch, Meter meter) throws InterruptedException {
        ContractProgram program = program(asked.stage());
        AgentRequest request = asked.masked(secrets);
        Prompt prompt = Prompt.of(request, templates, delivery(request.stage()));
        Exchange exchange = Exchange.open(
                scratch.resolve(request.stage().name().toLowerCase(Locale.ROOT)),
                "report.json",
                RequestJson.of(request));
        exchange.write("prompt.txt", secrets.mask(prompt.text()));
        return runner.withTemporaryFolder(
                temporary -> metered(meter, () -> report(program, request, prompt, workTree, exchange, temporary)));
    }

    /** A run of the program. */
    private interface Work {
        AgentReport report() throws InterruptedException;
    }

    /** What ran may have cost something, whatever came of it. */
    private AgentReport metered(Meter meter, Work work) throws InterruptedException {
        Double cost = null;
        boolean isUnknown = isCostAsked;
        try {
            AgentReport report = work.report();
            cost = cost(report);
            return report;
        } catch (NotStartedException e) {
            isUnknown = false;
            throw e;
        } finally {
            if (cost != null || isUnknown) {
                meter.spent(new Usage(null, 0, 0, 0, cost));
            }
        }
    }

    /** What a report says that its run cost, all calls together. */
    private static @Nullable Double cost(AgentReport report) {
        return report.details().get("cost_usd") instanceof Number said && said.doubleValue() >= 0
                ? said.doubleValue()
                : null;
    }

    private AgentReport report(
            ContractProgram program,
            AgentRequest request,
            Prompt prompt,
            Path workTree,
            Exchange exchange,
            Path temporary)
            throws InterruptedException {
        Finished finished = program.in(temporary)
                .run(
                        workTree,
                        exchange,
                        prompt.text(),
                        containment.limits(request.timeLimit(), ContractProgram.OUTPUT_LIMIT, null),
                        containment.isolation(List.of(workTree, exchange.outbox(), temporary)));
        byte[] report = exchange.answer(Role.AGENT)
                .orElseThrow(() -> Role.AGENT.unreadable(
                        "ended well, and wrote no report to the file that LORELEY_RESULT names. "
                                + program.describe(finished),
                        null));
        try {
            return ReportReader.read(report);
        } catch (IllegalArgumentException e) {
            throw Role.AGENT.unreadable("wrote a report that cannot be used: it " + e.getMessage() + ".", e);
        }
    }

    private static String delivery(AgentRequest.Stage stage) {
        String shape = switch (stage) {
            case PLAN -> "{\"summary\": \"the plan, complete and concrete; line breaks are allowed\"}";
            case CODE ->
                "{\"summary\": \"what you changed and why, one paragraph\", "
                        + "\"commit_message\": \"a subject of at most 72 characters\"}";
        };
        return """
                - Write a report as JSON to the file that the environment variable LORELEY_RESULT names:

                      %s

                - End with exit code 0. The file that LORELEY_REQUEST names holds this task as JSON, with all that was
                  left out here.
                """.formatted(shape);
    }

    private ContractProgram program(AgentRequest.Stage stage) {
        return switch (stage) {
            case CODE -> coder;
            case PLAN -> {
                if (planner == null) {
                    throw new LoreleyException(
                            FailureKind.CONFIGURATION, "There is no planning stage: agent.plan-command is not set.");
                }
                yield planner;
            }
        };
    }
}
