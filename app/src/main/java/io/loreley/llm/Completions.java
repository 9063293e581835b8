package io.loreley.llm;

/** Writes short texts. Safe for many threads. */
public interface Completions {

    /** Names the model, so that what it wrote can be told from what another wrote. */
    String model();

    /**
     * Writes an answer.
     *
     * @param system what the model is to be and to do
     * @param user what it is to do it with
     * @throws io.loreley.domain.LoreleyException of kind ENDPOINT if there is no answer, of kind CONFIGURATION if the key is
     *     refused
     */
    Completion complete(String system, String user);
}
