package io.loreley.evaluation;

import io.loreley.contract.ContractProgram;
import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Requirement;
import io.loreley.evaluation.report.Report;
import io.loreley.evaluation.report.ReportFormat;
import io.loreley.process.Credentials;
import io.loreley.process.Finished;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

    /** What is run. */
    record Program(List<String> arguments, Map<String, String> environment, ProcessRunner runner) {}

    /** What a stage brought. */
    record Result(Report report, String errorTail) {}

    /**
     * Runs it.
     *
     * @param scratch where request, outputs and result are kept
     */
    Result run(Candidate candidate, Path checkout, Path scratch) throws InterruptedException {
        Exchange exchange = Exchange.open(scratch, format.fileName(), request(candidate));
        Finished finished = run(checkout, exchange);
        Report report = read(exchange, checkout, finished);
        exchange.write("evaluation_logs.txt", String.join("\n", report.logs()));
        return new Result(
                report, Credentials.mask(finished.stderrTail(TAIL_BYTES)).strip());
    }

    /** With a folder for temporary files that is gone afterwards; its path is short, because sockets lie there. */
    private Finished run(Path checkout, Exchange exchange) throws InterruptedException {
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("loreley-");
            Map<String, String> environment = new HashMap<>(program.environment());
            environment.put("TMPDIR", temporary.toString());
            return new ContractProgram(Role.EVALUATOR, program.arguments(), environment, program.runner())
                    .run(
                            checkout,
                            exchange,
                            null,
                            new Limits(timeout, ContractProgram.OUTPUT_LIMIT, null, containment.resources()),
                            containment.isolation(checkout, exchange.folder(), temporary));
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "no folder for temporary files can be made: " + e.getMessage(), e);
        } finally {
            if (temporary != null) {
                Ground.discard(temporary);
            }
        }
    }

    private Report read(Exchange exchange, Path checkout, Finished finished) {
        try {
            return format.read(exchange, checkout);
        } catch (IllegalArgumentException e) {
            throw unusable("gave a result that cannot be used: it " + e.getMessage(), finished, e);
        }
    }

    private static LoreleyException unusable(String what, Finished finished, Exception cause) {
        return Role.EVALUATOR.unreadable("%s. %s".formatted(what, finished.describe()), cause);
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
