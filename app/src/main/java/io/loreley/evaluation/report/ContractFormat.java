package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.Objective;
import java.nio.file.Path;
import java.util.Optional;

/** Loreley's own: a JSON file or, where that is allowed and there is none, the last line printed. */
public final class ContractFormat implements ReportFormat {

    private final ResultReader reader;
    private final boolean mayPrint;

    /** @param mayPrint whether the last line printed counts if there is no file */
    public ContractFormat(Objective objective, boolean mayPrint) {
        reader = new ResultReader(objective);
        this.mayPrint = mayPrint;
    }

    @Override
    public String fileName() {
        return "evaluation.json";
    }

    @Override
    public boolean isPrintable() {
        return mayPrint;
    }

    @Override
    public Report read(Exchange exchange, Path checkout) {
        return reader.read(exchange.answer(Role.EVALUATOR)
                .or(() -> mayPrint ? exchange.lastPrintedLine(Role.EVALUATOR) : Optional.empty())
                .orElseThrow(() -> new IllegalArgumentException(
                        "wrote no file where LORELEY_RESULT says" + (mayPrint ? ", and printed nothing" : ""))));
    }
}
