package io.loreley.mapelites.sampling;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Neighbour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Draws what the next candidate is made from: a base elite and inspirations near it.
 *
 * <p>A draw follows from the archive, the settings, the curiosity and the generator alone; the archive must list its
 * elites in the same order for a draw to repeat itself. For one thread.
 */
public final class Sampler<T> {

    /** How often a draw is repeated because it is in flight already, before one that is not is looked for. */
    private static final int MAX_REDRAWS = 16;

    /** The acceptance that no base falls below, so that each keeps a chance and a draw ends soon. */
    private static final double LEAST_CURIOSITY = 0.02;

    private static final List<BaseChoice> MIXTURE = List.of(BaseChoice.UNIFORM, BaseChoice.RANK, BaseChoice.CURIOSITY);

    private final SamplerSettings settings;
    private final Curiosity<T> curiosity;

    public Sampler(SamplerSettings settings) {
        this(settings, new Curiosity<>());
    }

    public Sampler(SamplerSettings settings, Curiosity<T> curiosity) {
        this.settings = settings;
        this.curiosity = curiosity;
    }

    /**
     * Draws a base and inspirations.
     *
     * @param inFlight what is being worked on and is not drawn again while another base, or other inspirations, are found
     * @return empty only if the archive is
     */
    public Optional<Draw<T>> draw(Archive<T> archive, Set<Pairing<T>> inFlight, RandomGenerator random) {
        if (archive.elites().isEmpty()) {
            return Optional.empty();
        }
        Draw<T> draw = drawOnce(archive, random);
        for (int i = 0; i < MAX_REDRAWS && inFlight.contains(draw.pairing()); i++) {
            draw = drawOnce(archive, random);
        }
        return Optional.of(
                inFlight.contains(draw.pairing())
                        ? free(archive, inFlight, random).orElse(draw)
                        : draw);
    }

    /**
     * A draw that is not in flight, from the elites in random order. Each base has one try more than it is in flight, so that
     * the first that is not ends the search: the cost follows what is in flight, not the archive.
     */
    private Optional<Draw<T>> free(Archive<T> archive, Set<Pairing<T>> inFlight, RandomGenerator random) {
        List<Elite<T>> elites = archive.elites();
        Shuffle order = new Shuffle(elites.size(), random);
        while (order.hasNext()) {
            Elite<T> base = elites.get(order.nextInt());
            long taken = inFlight.stream()
                    .filter(pairing -> pairing.base().equals(base.solution()))
                    .count();
            for (long i = 0; i <= taken; i++) {
                Draw<T> draw = drawFrom(BaseChoice.UNIFORM, base, archive, random);
                if (!inFlight.contains(draw.pairing())) {
                    return Optional.of(draw);
                }
            }
        }
        return Optional.empty();
    }

    private Draw<T> drawOnce(Archive<T> archive, RandomGenerator random) {
        BaseChoice choice = settings.base() == BaseChoice.MIXED ? any(MIXTURE, random) : settings.base();
        return drawFrom(choice, base(choice, archive.elites(), random), archive, random);
    }

    private Draw<T> drawFrom(BaseChoice choice, Elite<T> base, Archive<T> archive, RandomGenerator random) {
        List<Neighbour<T>> near = nearInspirations(archive, base, random);
        List<Elite<T>> inspirations = new ArrayList<>();
        near.forEach(neighbour -> inspirations.add(neighbour.elite()));
        List<Elite<T>> far = farInspirations(archive.elites(), base, inspirations, random);
        inspirations.addAll(far);
        int radiusUsed = near.isEmpty() ? 0 : near.getLast().distance();
        return new Draw<>(base, inspirations, choice.word(), settings.radius(), radiusUsed, far.size());
    }

    private Elite<T> base(BaseChoice choice, List<Elite<T>> elites, RandomGenerator random) {
        return switch (choice) {
            case UNIFORM -> any(elites, random);
            case RANK -> winner(elites, random);
            case CURIOSITY -> promising(elites, random);
            case MIXED -> throw new IllegalStateException("a mixture is settled before. Indicates a bug.");
        };
    }

    /**
     * A tournament among elites drawn with replacement. A choice by rank without sorting: with two competitors it is
     * linear ranking exactly (Goldberg and Deb 1991).
     */
    private Elite<T> winner(List<Elite<T>> elites, RandomGenerator random) {
        Elite<T> best = any(elites, random);
        for (int i = 1; i < settings.tournament(); i++) {
            Elite<T> rival = any(elites, random);
            if (rival.objective() > best.objective()) {
                best = rival;
            }
        }
        return best;
    }

    /** Chance proportional to curiosity, by rejection, so that the cost does not grow with the archive. */
    private Elite<T> promising(List<Elite<T>> elites, RandomGenerator random) {
        Elite<T> candidate = any(elites, random);
        while (random.nextDouble() >= Math.max(LEAST_CURIOSITY, curiosity.score(candidate.solution()))) {
            candidate = any(elites, random);
        }
        return candidate;
    }

    /**
     * Inspirations from the neighbourhood, nearest first. Within the initial radius the chance of an elite falls with its
     * distance; beyond it, ring by ring, a farther one is taken only if the nearer ones do not suffice.
     */
    private List<Neighbour<T>> nearInspirations(Archive<T> archive, Elite<T> base, RandomGenerator random) {
        if (settings.inspirations() == 0 || settings.maxRadius() == 0) {
            return List.of();
        }
        List<Candidate<T>> candidates = new ArrayList<>();
        for (Neighbour<T> neighbour : archive.neighbours(base.cell(), settings.maxRadius())) {
            int ring = Math.max(neighbour.distance(), settings.radius());
            // In the order of these keys, elites come as if drawn one by one with chances of 1/distance
            // (Efraimidis and Spirakis 2006). StrictMath, so that a seed means the same on any machine.
            double key = -StrictMath.log(1 - random.nextDouble()) * neighbour.distance();
            candidates.add(new Candidate<>(neighbour, ring, key));
        }
        candidates.sort(Comparator.<Candidate<T>>comparingInt(Candidate::ring).thenComparingDouble(Candidate::key));
        Set<T> taken = new HashSet<>();
        taken.add(base.solution());
        return candidates.stream()
                .map(Candidate::neighbour)
                .filter(neighbour -> taken.add(neighbour.elite().solution()))
                .limit(settings.inspirations())
                .sorted(Comparator.comparingInt(Neighbour::distance))
                .toList();
    }

    /** Inspirations from anywhere, to fill up. */
    private List<Elite<T>> farInspirations(
            List<Elite<T>> elites, Elite<T> base, List<Elite<T>> near, RandomGenerator random) {
        int missing = Math.min(settings.inspirations() - near.size(), settings.fallbacks());
        Set<T> taken = new HashSet<>();
        taken.add(base.solution());
        near.forEach(elite -> taken.add(elite.solution()));
        List<Elite<T>> far = new ArrayList<>();
        Shuffle shuffle = new Shuffle(elites.size(), random);
        while (far.size() < missing && shuffle.hasNext()) {
            Elite<T> elite = elites.get(shuffle.nextInt());
            if (taken.add(elite.solution())) {
                far.add(elite);
            }
        }
        return far;
    }

    private static <E> E any(List<E> list, RandomGenerator random) {
        return list.get(random.nextInt(list.size()));
    }

    private record Candidate<T>(Neighbour<T> neighbour, int ring, double key) {}
}
