package io.loreley.scheduler;

import java.util.Locale;

/** How the behaviour space is divided into cells. */
public enum ArchiveKind {
    /** Equal steps along each axis. */
    GRID,
    /** A number of cells that does not depend on the number of axes: what is nearest to each of so many points. */
    CVT;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
