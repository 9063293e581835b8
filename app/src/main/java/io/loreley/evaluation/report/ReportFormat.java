package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import java.nio.file.Path;
import java.util.Optional;

/** How a program that ended well tells its metrics. */
public interface ReportFormat {

    /** What the file is called that {@code LORELEY_RESULT} names. */
    String fileName();

    /** Whether it may be printed instead. */
    default boolean isPrintable() {
        return false;
    }

    /** Takes away what the program could be thought to have left, before it runs. */
    default void clear(Path checkout) {}

    /**
     * Reads what a program left that ended with another code than 0.
     *
     * @return empty unless that is how such a program says what it found, and the report says it, too
     */
    default Optional<Report> readFailed(Exchange exchange, Path checkout) {
        return Optional.empty();
    }

    /**
     * Reads what the program left.
     *
     * @param checkout where it ran
     * @throws IllegalArgumentException if it cannot be used; the message completes the sentence "it …"
     * @throws io.loreley.domain.LoreleyException with kind EVALUATOR_OUTPUT if it cannot be read at all
     */
    Report read(Exchange exchange, Path checkout);
}
