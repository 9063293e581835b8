package io.loreley.embedding;

import io.loreley.mapelites.Vector;
import java.util.List;

/**
 * Turns texts into vectors. The unit of length is one text that shares nothing with another: an unlike text of ordinary
 * size lies at a distance of about 1. Equal texts should have equal vectors; what was embedded once is not asked again.
 * Safe for many threads.
 */
public interface Embedder {

    /** Names the model and its version, in at most 136 characters: vectors of two models are never compared. */
    String model();

    /** How long each vector is. */
    int dimensions();

    /** How many texts of ordinary size one call should hold: what is lost if it fails. */
    default int textsAtOnce() {
        return 256;
    }

    /** How many calls it pays to make side by side, beside those that keep the processors busy. */
    default int callsAtOnce() {
        return 1;
    }

    /**
     * Embeds texts, none of them blank.
     *
     * @return one vector a text, in their order
     * @throws io.loreley.domain.LoreleyException of kind EMBEDDING if a text cannot be embedded
     */
    List<Vector> embed(List<String> texts);
}
