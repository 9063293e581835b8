package io.loreley.store;

import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import java.util.List;

/** What offering one commit changed in an island. Written in one transaction with what caused it. */
public sealed interface IslandChange {

    Observation observation();

    /** Whether the island lets go of what is beyond its history's limit, now and then or because it was placed anew. */
    boolean forgets();

    /** No cell changed; the commit is remembered for later layouts. */
    record Unplaced(Observation observation, boolean forgets) implements IslandChange {}

    /** The commit became the elite of a cell. */
    record Placed(Observation observation, StoredElite elite, int layoutVersion, boolean forgets)
            implements IslandChange {}

    /**
     * The axes were laid out anew, and the whole island placed anew on them.
     *
     * @param centroids of the cells of a tessellation; empty for a grid
     */
    record Rebuilt(Observation observation, Layout layout, List<Vector> centroids, List<StoredElite> elites)
            implements IslandChange {
        public Rebuilt {
            centroids = List.copyOf(centroids);
            elites = List.copyOf(elites);
        }

        @Override
        public boolean forgets() {
            return true;
        }
    }
}
