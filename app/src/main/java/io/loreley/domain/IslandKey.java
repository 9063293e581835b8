package io.loreley.domain;

import java.util.List;
import java.util.stream.IntStream;

/** Names one archive: an island of an experiment. */
public record IslandKey(ExperimentId experiment, String island) {

    /** The island that an experiment has if its settings name no other. */
    public static final String DEFAULT_ISLAND = "main";

    public IslandKey {
        Limits.requireText("island", island, Limits.ISLAND);
    }

    /** What the islands of an experiment are called: {@code main}, {@code island-2}, {@code island-3} and so on. */
    public static List<String> names(int islands) {
        return IntStream.rangeClosed(1, islands)
                .mapToObj(number -> number == 1 ? DEFAULT_ISLAND : "island-" + number)
                .toList();
    }
}
