package io.loreley.evaluation;

import io.loreley.contract.ContractProgram;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.Requirement;
import io.loreley.evaluation.report.Report;
import io.loreley.evaluation.report.ReportFormat;
import io.loreley.process.Credentials;
import io.loreley.process.Finished;
import io.loreley.process.KnownSecrets;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of an evaluation: a program, how its report is read, and what a candidate must reach there to go on.
 *
 * @param name as the settings have it
 */
record Stage(
        String name,
        Program program,
        ReportFormat format,
        Duration timeout,
        ContainmentSettings containment,
        @Nullable Requirement gate) {

    /** What of standard error reaches the next agents. */
    private static final int TAIL_BYTES = 1_500;

    /**
     * What is run.
     *
     * @param secrets masked in whatever is kept of it
     */
    record Program(
            List<String> arguments, Map<String, String> environment, KnownSecrets secrets, ProcessRunner runner) {

        /** With a place for its temporary files. */
        ContractProgram in(Path temporary) {
            return new ContractProgram(Role.EVALUATOR, arguments, environment, secrets, runner).in(temporary);
        }
    }

    /** What a stage brought. */
    record Result(Report report, String errorTail) {}

    /**
     * Runs it.
     *
     * @param scratch where request, outputs and result are kept
     */
    Result run(Candidate candidate, Path checkout, Path scratch) throws InterruptedException {
        format.clear(checkout);
        Exchange exchange = Exchange.open(scratch, format.fileName(), request(candidate));
        Result result = program.runner().withTemporaryFolder(temporary -> run(checkout, exchange, temporary));
        exchange.write("evaluation_logs.txt", String.join("\n", result.report().logs()));
        return result;
    }

    private Result run(Path checkout, Exchange exchange, Path temporary) throws InterruptedException {
        ContractProgram contract = program.in(temporary);
        Finished finished = contract.attempt(
                checkout,
                exchange,
                null,
                new Limits(timeout, ContractProgram.OUTPUT_LIMIT, null, containment.resources()),
                containment.isolation(checkout, exchange.outbox(), temporary));
        Report report = finished.success()
                ? read(exchange, checkout, finished)
                : format.readFailed(exchange, checkout).orElseThrow(() -> contract.failed(finished));
        return new Result(
                report.with(program.secrets()::mask),
                Credentials.mask(finished.stderrTail(TAIL_BYTES)).strip());
    }

    private Report read(Exchange exchange, Path checkout, Finished finished) {
        // Agents read of failures, and a result that was printed may hold private metrics.
        boolean isPrinted = format.isPrintable() && !exchange.isAnswered();
        try {
            return format.read(exchange, checkout);
        } catch (IllegalArgumentException e) {
            String described = isPrinted ? finished.describeWithoutOutput() : finished.describe();
            throw Role.EVALUATOR.unreadable(
                    program.secrets()
                            .mask("gave a result that cannot be used: it %s. %s".formatted(e.getMessage(), described)),
                    e);
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
        json.put("stage", name);
        return json;
    }
}
