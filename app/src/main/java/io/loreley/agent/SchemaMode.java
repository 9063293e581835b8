package io.loreley.agent;

import java.util.Locale;

/** What becomes of an answer that does not fit the report's schema. */
public enum SchemaMode {
    /** The attempt fails. */
    STRICT,
    /** The agent is shown what is wrong and asked once more; what is too long is cut, and what still lacks is empty. */
    LENIENT,
    /** There is no schema: the answer is the summary. */
    NONE;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
