package io.loreley.lineage;

import io.loreley.domain.Usage;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Puts several steps into a sentence or two. Safe for many threads. */
public interface Summarizer {

    /** What wrote a summary, prompt included: summaries of another are not taken for its own. At most 255 characters. */
    String name();

    /**
     * Summarises.
     *
     * @param steps oldest first, one line each
     * @param limit of the summary, in characters
     * @param meter is told what is spent
     * @throws io.loreley.domain.LoreleyException of kind INTERRUPTED if the thread is interrupted, which it stays
     */
    Summary summarize(List<String> steps, int limit, Consumer<Usage> meter);

    /** What summarising came to. */
    sealed interface Summary {

        /** A text, perhaps longer than was asked for. */
        record Written(String text) implements Summary {}

        /**
         * Nothing.
         *
         * @param pause before it is worth asking again
         */
        record Missing(Duration pause) implements Summary {}
    }
}
