package io.loreley.lineage;

import io.loreley.domain.Usage;
import java.util.List;
import java.util.Optional;
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
     * @return empty if it cannot be done now, or the thread is interrupted, which it stays
     */
    Optional<String> summarize(List<String> steps, int limit, Consumer<Usage> meter);
}
