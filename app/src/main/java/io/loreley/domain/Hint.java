package io.loreley.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants prompts to say.
 *
 * @param island the island whose prompts say it; absent for all
 * @param isGoal whether it stands in place of the experiment's goal
 */
public record Hint(long id, @Nullable String island, boolean isGoal, String text, Instant since) {

    public boolean concerns(String someIsland) {
        return island == null || island.equals(someIsland);
    }
}
