package io.loreley.embedding;

import java.util.Locale;

/** Who turns the text of a file into a vector. */
public enum EmbeddingKind {
    /** Counts of identifiers and tokens: local, free, the same everywhere. */
    HASHING,
    /** A model behind an OpenAI-compatible API. */
    OPENAI;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
