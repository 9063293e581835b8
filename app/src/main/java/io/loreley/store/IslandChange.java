package io.loreley.store;

import io.loreley.mapelites.projection.Projection;
import java.util.List;

/** What offering one commit changed in an island. Written in one transaction with the job's ingestion. */
public sealed interface IslandChange {

    Observation observation();

    /** No cell changed; the commit is remembered for later projections. */
    record Unplaced(Observation observation) implements IslandChange {}

    /** The commit became the elite of a cell. */
    record Placed(Observation observation, StoredElite elite, int projectionVersion) implements IslandChange {}

    /** A new projection was fitted, and the whole island placed anew under it. */
    record Rebuilt(Observation observation, Projection projection, List<StoredElite> elites) implements IslandChange {
        public Rebuilt {
            elites = List.copyOf(elites);
        }
    }
}
