/** Archives, projections and sampling for quality-diversity search, without dependencies. */
module io.loreley.mapelites {
    requires static transitive org.jspecify;

    exports io.loreley.mapelites;
    exports io.loreley.mapelites.projection;
    exports io.loreley.mapelites.sampling;
}
