package io.loreley.agent.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes some of the changes that another text made since both parted: a three-way merge by hunks. A hunk that touches
 * one of our own changes is left out, so there are never conflicts, and what we changed stays.
 */
public final class Crossover {

    /** What reports say of it; the name of the other follows. */
    public static final String VERB = "took";

    /** How often everything that can be taken is. */
    private static final double ALL = 0.3;

    private Crossover() {}

    /** Empty if the other changed nothing that we could take. */
    public static Optional<Operator.Edit> of(Text ancestor, Text ours, Text theirs, RandomGenerator random) {
        List<LineDiff.Hunk> own = LineDiff.between(ancestor.lines(), ours.lines());
        List<LineDiff.Hunk> free = LineDiff.between(ancestor.lines(), theirs.lines()).stream()
                .filter(hunk -> own.stream().noneMatch(hunk::touches))
                .toList();
        if (free.isEmpty()) {
            return Optional.empty();
        }
        List<LineDiff.Hunk> taken = choose(free, random);
        Text merged = ours;
        for (LineDiff.Hunk hunk : taken.reversed()) {
            int shift = own.stream()
                    .filter(before -> before.to() < hunk.from())
                    .mapToInt(LineDiff.Hunk::growth)
                    .sum();
            merged = merged.replace(
                    hunk.from() + shift, hunk.to() + shift, theirs.lines().subList(hunk.newFrom(), hunk.newTo()));
        }
        return Optional.of(new Operator.Edit(merged, taken.size() == 1 ? "a change" : taken.size() + " changes"));
    }

    private static List<LineDiff.Hunk> choose(List<LineDiff.Hunk> free, RandomGenerator random) {
        if (random.nextDouble() < ALL) {
            return free;
        }
        List<LineDiff.Hunk> chosen = new ArrayList<>();
        for (LineDiff.Hunk hunk : free) {
            if (random.nextBoolean()) {
                chosen.add(hunk);
            }
        }
        return chosen.isEmpty() ? List.of(free.get(random.nextInt(free.size()))) : chosen;
    }
}
