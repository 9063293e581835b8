package io.loreley.store;

import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds of an island.
 *
 * @param layout absent until the first commit was offered
 * @param centroids of the cells of a tessellation; empty for a grid, and until the first commit was offered
 * @param history the newest observations, oldest first, and besides them those of all elites
 * @param elites in the order in which they were placed, all of the layout's version
 */
public record StoredIsland(
        @Nullable Layout layout, List<Vector> centroids, List<StoredObservation> history, List<StoredElite> elites) {

    /** An island that was never written. */
    public static final StoredIsland EMPTY = new StoredIsland(null, List.of(), List.of(), List.of());

    public StoredIsland {
        centroids = List.copyOf(centroids);
        history = List.copyOf(history);
        elites = List.copyOf(elites);
    }
}
