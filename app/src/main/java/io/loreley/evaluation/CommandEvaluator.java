package io.loreley.evaluation;

import io.loreley.contract.CommandTemplate;
import io.loreley.contract.ContractProgram;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Finished;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any program as an evaluator: run in the checkout, its result a JSON file or the last line it prints.
 * {@code docs/evaluator-contract.md} is the contract in full. Scratch keeps request.json, stdout.log, stderr.log,
 * evaluation.json and evaluation_logs.txt.
 */
public final class CommandEvaluator implements Evaluator {

    private final ContractProgram program;
    private final Duration timeout;
    private final ResultReader reader;

    /**
     * @param project stands for {@code ${project}} in the command
     * @param environment Loreley's own, of which the program sees the allowed part
     * @throws LoreleyException with kind CONFIGURATION if the command is empty or holds an unknown placeholder
     */
    public CommandEvaluator(
            EvaluatorSettings settings,
            Objective objective,
            Path project,
            Map<String, String> environment,
            ProcessRunner runner) {
        program = new ContractProgram(
                Role.EVALUATOR,
                new CommandTemplate("evaluator.command", settings.command()).expand(project),
                BaseEnvironment.of(environment, settings.passEnvironment()),
                runner);
        timeout = settings.timeout();
        reader = new ResultReader(objective, settings.maxMetrics());
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Path checkout, Path scratch) throws InterruptedException {
        Exchange exchange = Exchange.open(scratch, "evaluation.json", request(candidate));
        Finished finished = program.run(checkout, exchange, null, timeout);
        byte[] result = exchange.answer(Role.EVALUATOR)
                .or(() -> exchange.lastPrintedLine(Role.EVALUATOR))
                .orElseThrow(() -> Role.EVALUATOR.unreadable(
                        "ended well, wrote no file where LORELEY_RESULT says, and printed nothing. "
                                + finished.describe(),
                        null));
        Evaluation evaluation = read(result, finished);
        exchange.write("evaluation_logs.txt", String.join("\n", evaluation.logs()));
        return evaluation;
    }

    private Evaluation read(byte[] result, Finished finished) {
        try {
            return reader.read(result);
        } catch (IllegalArgumentException e) {
            throw Role.EVALUATOR.unreadable(
                    "gave a result that cannot be used: it " + e.getMessage() + ". " + finished.describe(), e);
        }
    }

    private Map<String, @Nullable Object> request(Candidate candidate) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("commit", candidate.commit().value());
        json.put("base", candidate.base() == null ? null : candidate.base().value());
        json.put("job", candidate.job());
        json.put("goal", candidate.goal());
        json.put("seed", candidate.seed());
        json.put("time_limit_seconds", timeout.toMillis() / 1000.0);
        return json;
    }
}
