package io.loreley.lineage;

import io.loreley.domain.Setting;

/** What agents are told of the past. */
public record MemorySettings(
        @Setting(
                doc =
                        "How many steps are told of the way to an inspiration, since it parted from the base; 0 for none.",
                fallback = "6",
                min = 0,
                max = 100)
        int steps,

        @Setting(
                doc = "Earlier steps are told in chunks of so many, counted from the root.",
                fallback = "8",
                min = 2,
                max = 100)
        int chunkSteps,

        @Setting(doc = "How many chunks of earlier steps are told.", fallback = "3", min = 0, max = 20)
        int chunks,

        @Setting(
                doc =
                        "How many earlier attempts from the same base and on the same island are told, with what came of them; "
                                + "0 for none.",
                fallback = "8",
                min = 0,
                max = 50)
        int attempts,

        @Setting(
                doc =
                        "A plan that is this similar to one that failed or fell short from the same base is sent back once "
                                + "before it is coded: the cosine of their words and word pairs, from 0 to 1. 1 sends back only "
                                + "the same words.",
                fallback = "0.6",
                min = 0.1,
                max = 1)
        double repeatSimilarity) {

    /** Nothing is remembered, as in experiments from before there was a memory. */
    public static final MemorySettings OFF = new MemorySettings(0, 8, 0, 0, 1);
}
