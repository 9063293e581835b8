package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.IslandKey;
import io.loreley.store.Archives;
import io.loreley.store.Fruitfulness;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The island in memory, read from the database when it is first needed and again after a failure. For one thread. */
public final class Islands {

    private final IslandKey key;
    private final SearchSettings settings;
    private final Archives archives;
    private Map<CommitHash, CommitMark> marks = Map.of();
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
            island.heed(marks);
            loaded = island;
        }
        return island;
    }

    /** From now on, what people said of commits holds. */
    void heed(Map<CommitHash, CommitMark> said) {
        marks = Map.copyOf(said);
        if (loaded != null) {
            loaded.heed(marks);
        }
    }

    /** Memory and database may differ: read again before the next use. */
    void forget() {
        loaded = null;
    }
}
