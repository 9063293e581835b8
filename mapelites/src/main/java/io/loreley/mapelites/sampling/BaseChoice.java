package io.loreley.mapelites.sampling;

import java.util.Locale;

/** How the elite to build on is chosen. */
public enum BaseChoice {
    /** Every elite is equally likely: the plain MAP-Elites of Mouret and Clune (2015). */
    UNIFORM,
    /** Better elites are likelier, by their rank and not by the size of their objective. */
    RANK,
    /** Elites from which improvements were found are likelier, and so are those not tried yet. */
    CURIOSITY,
    /** One of the other three, each equally likely, chosen anew for every draw. */
    MIXED;

    /** The word that settings and {@link Draw#strategy()} use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
