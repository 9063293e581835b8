package io.loreley.mapelites.sampling;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * Archives that search side by side and from time to time send copies of elites to each other, around a ring (the stepping
 * stones of Cohoon et al. 1987): what one island finds reaches the others late, so that they first explore on their own.
 *
 * <p>All share one behaviour space. For one thread.
 */
public final class Islands<T> {

    private final SequencedMap<String, Archive<T>> archives;
    private final List<String> ring;

    /**
     * @param archives at least one, by name, in the order of the ring
     */
    public Islands(SequencedMap<String, Archive<T>> archives) {
        if (archives.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one island");
        }
        this.archives = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(archives));
        this.ring = List.copyOf(archives.keySet());
    }

    /** By name, in the order of the ring. */
    public SequencedMap<String, Archive<T>> archives() {
        return archives;
    }

    /** The name of the island whose turn it is: each in the order of the ring. */
    public String turn(long number) {
        return ring.get(Math.floorMod(number, ring.size()));
    }

    /**
     * Sends elites of each island to the next. All are chosen before the first arrives, so none goes further than one
     * island at a time.
     *
     * @param count how many leave each island, drawn uniformly; fewer if it has no more
     * @return what became of each migrant, in the order of the ring; empty if there is only one island
     */
    public List<Migration<T>> migrate(int count, RandomGenerator random) {
        if (count < 0) {
            throw new IllegalArgumentException("%d migrants".formatted(count));
        }
        if (ring.size() == 1) {
            return List.of();
        }
        List<Archive<T>> stations = List.copyOf(archives.values());
        List<List<Elite<T>>> migrants = stations.stream()
                .map(archive -> drawn(archive.elites(), count, random))
                .toList();
        List<Migration<T>> migrations = new ArrayList<>();
        for (int from = 0; from < ring.size(); from++) {
            int to = (from + 1) % ring.size();
            for (Elite<T> elite : migrants.get(from)) {
                Placement<T> placement = stations.get(to).place(elite.solution(), elite.objective(), elite.measures());
                migrations.add(new Migration<>(ring.get(from), ring.get(to), elite, placement));
            }
        }
        return migrations;
    }

    /**
     * An elite that was sent from one island to another.
     *
     * @param elite as it was where it came from, and still is
     * @param placement what the archive of the other island did with it
     */
    public record Migration<T>(String from, String to, Elite<T> elite, Placement<T> placement) {}

    private static <T> List<Elite<T>> drawn(List<Elite<T>> elites, int count, RandomGenerator random) {
        List<Elite<T>> drawn = new ArrayList<>();
        Shuffle shuffle = new Shuffle(elites.size(), random);
        while (drawn.size() < count && shuffle.hasNext()) {
            drawn.add(elites.get(shuffle.nextInt()));
        }
        return drawn;
    }
}
