package io.loreley.mapelites.sampling;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Archives that search side by side and from time to time send copies of elites to each other, around a ring (the stepping
 * stones of Cohoon et al. 1987): what one island finds reaches the others late, so that they first explore on their own.
 *
 * <p>For one thread.
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
     * Chooses who goes to the next island, without sending anybody: where islands have behaviour spaces of their own, the
     * caller offers the travellers there by the axes of that island.
     *
     * @param count how many leave each island, drawn uniformly among those that the next island does not hold; fewer if
     *     there are no more
     * @return in the order of the ring; empty if there is only one island
     */
    public List<Departure<T>> departures(int count, RandomGenerator random) {
        if (count < 0) {
            throw new IllegalArgumentException("%d migrants".formatted(count));
        }
        if (ring.size() == 1) {
            return List.of();
        }
        List<Departure<T>> departures = new ArrayList<>();
        for (int place = 0; place < ring.size(); place++) {
            String from = ring.get(place);
            String to = turn(place + 1L);
            Set<T> held = archive(to).elites().stream().map(Elite::solution).collect(Collectors.toSet());
            List<Elite<T>> unknown = archive(from).elites().stream()
                    .filter(elite -> !held.contains(elite.solution()))
                    .toList();
            drawn(unknown, count, random).forEach(elite -> departures.add(new Departure<>(from, to, elite)));
        }
        return departures;
    }

    /**
     * Sends elites of each island to the next, where all islands share one behaviour space. All are chosen before the first
     * arrives, so none goes further than one island at a time.
     *
     * @param count as for {@link #departures}
     * @return what became of each migrant, in the order of the ring; empty if there is only one island
     */
    public List<Migration<T>> migrate(int count, RandomGenerator random) {
        return departures(count, random).stream()
                .map(departure -> {
                    Elite<T> elite = departure.elite();
                    Placement<T> placement =
                            archive(departure.to()).place(elite.solution(), elite.objective(), elite.measures());
                    return new Migration<>(departure.from(), departure.to(), elite, placement);
                })
                .toList();
    }

    private Archive<T> archive(String name) {
        Archive<T> archive = archives.get(name);
        if (archive == null) {
            throw new IllegalStateException("no island %s. Indicates a bug.".formatted(name));
        }
        return archive;
    }

    /** An elite that is to go from one island to another, as it is where it comes from. */
    public record Departure<T>(String from, String to, Elite<T> elite) {}

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
