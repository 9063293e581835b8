package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import java.nio.file.Path;

/** How a program that ended well tells its metrics. */
public interface ReportFormat {

    /** What the file is called that {@code LORELEY_RESULT} names. */
    String fileName();

    /**
     * Reads what the program left.
     *
     * @param checkout where it ran
     * @throws IllegalArgumentException if it cannot be used; the message completes the sentence "it …"
     * @throws io.loreley.domain.LoreleyException with kind EVALUATOR_OUTPUT if it cannot be read at all
     */
    Report read(Exchange exchange, Path checkout);
}
