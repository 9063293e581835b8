package io.loreley.store;

import io.loreley.mapelites.projection.Projection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds of an island.
 *
 * @param projection absent until the first commit was offered
 * @param history the newest observations, oldest first, and besides them those of all elites
 * @param elites in the order in which they were placed, all of the projection's version
 */
public record StoredIsland(@Nullable Projection projection, List<Observation> history, List<StoredElite> elites) {

    public StoredIsland {
        history = List.copyOf(history);
        elites = List.copyOf(elites);
    }
}
