package io.loreley.examples.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// What the agent does with its time: basin hopping. It mutates and polishes again and again, goes on from a result
/// that is better or hardly worse, and returns the best that is not the base again. Where the base cannot be bettered
/// that is a different, slightly worse packing, which serves the archive as a neighbour.
///
/// Deterministic but for `stop`, which is asked after every round of polishing.
final class Search {

    private static final List<Mutation> MUTATIONS = List.of(new Jitter(), new Relocate(), new Scatter(), new Cross());

    /// Sums nearer than this belong to the same packing, turned or not.
    private static final double SAME_SUM = 1e-9;

    /// The walk goes on from a packing that is worse by up to about this much.
    private static final double SLACK = 0.002;

    private final RandomGenerator random;
    private final BooleanSupplier stop;

    Search(RandomGenerator random, BooleanSupplier stop) {
        this.random = random;
        this.stop = stop;
    }

    /// At least one mutant is made, be `stop` as early as it may.
    Mutation.Mutant run(Layout base, List<Mutation.Mate> inspirations) {
        List<Mutation.Mate> mates = new ArrayList<>(inspirations);
        mates.add(new Mutation.Mate(base, "its own mirror image"));
        Layout current = base;
        Mutation.Mutant best = mutate(current, mates);
        int tries = 1;
        while (!stop.getAsBoolean()) {
            Mutation.Mutant mutant = mutate(current, mates);
            tries++;
            double sum = mutant.layout().sumOfRadii();
            if (sum > current.sumOfRadii() - SLACK * random.nextDouble()) {
                current = mutant.layout();
            }
            if (Math.abs(sum - base.sumOfRadii()) > SAME_SUM
                    && (sum > best.layout().sumOfRadii() || isAgain(base, best))) {
                best = mutant;
            }
        }
        return new Mutation.Mutant(best.layout(), "%s (best of %d)".formatted(best.change(), tries));
    }

    private static boolean isAgain(Layout base, Mutation.Mutant mutant) {
        return Math.abs(mutant.layout().sumOfRadii() - base.sumOfRadii()) <= SAME_SUM;
    }

    private Mutation.Mutant mutate(Layout parent, List<Mutation.Mate> mates) {
        Mutation mutation = MUTATIONS.get(random.nextInt(MUTATIONS.size()));
        Mutation.Mutant mutant = mutation.apply(parent, mates, random);
        return new Mutation.Mutant(Polish.polish(mutant.layout(), stop), mutant.change());
    }
}
