package io.loreley.domain;

/** Names one archive: an island of an experiment. */
public record IslandKey(ExperimentId experiment, String island) {

    /** The island that an experiment has if its settings name no other. */
    public static final String DEFAULT_ISLAND = "main";

    public IslandKey {
        Limits.requireText("island", island, Limits.ISLAND);
    }
}
