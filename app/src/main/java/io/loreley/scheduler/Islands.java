package io.loreley.scheduler;

import io.loreley.domain.IslandKey;
import io.loreley.store.Archives;
import io.loreley.store.Fruitfulness;
import org.jspecify.annotations.Nullable;

/** The island in memory, read from the database when it is first needed and again after a failure. For one thread. */
public final class Islands {

    private final IslandKey key;
    private final SearchSettings settings;
    private final Archives archives;
    private @Nullable Island loaded;

    public Islands(IslandKey key, SearchSettings settings, Archives archives) {
        this.key = key;
        this.settings = settings;
        this.archives = archives;
    }

    IslandKey key() {
        return key;
    }

    Island current() {
        Island island = loaded;
        if (island == null) {
            island = Island.restore(settings, archives.load(key));
            for (Fruitfulness base : archives.fruitfulness(key)) {
                island.curiosity().restore(base.base(), base.drawn(), base.kept());
            }
            loaded = island;
        }
        return island;
    }

    /** Memory and database may differ: read again before the next use. */
    void forget() {
        loaded = null;
    }
}
