package io.loreley.mapelites.projection;

import org.jspecify.annotations.Nullable;

/** Where one or several neighbouring axes of a behaviour space come from. */
public sealed interface Axes {

    /** How many there are. */
    int count();

    /** Axes that are learned from embeddings. */
    record Learned(int count) implements Axes {
        public Learned {
            if (count < 1) {
                throw new IllegalArgumentException("%d learned axes".formatted(count));
            }
        }
    }

    /**
     * An axis that is a number known of each candidate.
     *
     * @param name what the number is called, for people
     * @param bounds what maps to 0 and to 1; absent to follow what is observed
     */
    record Measured(String name, @Nullable Bounds bounds) implements Axes {
        @Override
        public int count() {
            return 1;
        }
    }
}
