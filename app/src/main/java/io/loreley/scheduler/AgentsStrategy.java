package io.loreley.scheduler;

import java.util.Locale;

/** How the agent of a job is chosen among several. */
public enum AgentsStrategy {
    /** At random, each as often as its weight says. */
    WEIGHTS,
    /** The one that promises the most improvement for its cost, by an upper confidence bound. */
    BANDIT;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
