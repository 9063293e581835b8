package io.loreley.examples.packing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Takes out one to three disks, first the smallest or any, and puts them back into the largest holes. Changes which
/// disks touch, which small steps rarely do.
final class Relocate implements Mutation {

    private static final int MOST = 3;

    @Override
    public Mutant apply(Layout parent, List<Mate> mates, RandomGenerator random) {
        Set<Integer> taken = new HashSet<>();
        taken.add(random.nextBoolean() ? parent.smallest() : random.nextInt(parent.size()));
        int more = random.nextInt(MOST);
        for (int i = 0; i < more; i++) {
            taken.add(random.nextInt(parent.size()));
        }
        Layout layout = parent.without(taken);
        while (layout.size() < parent.size()) {
            layout = layout.plusInHole(random);
        }
        return new Mutant(layout, "relocated %d circles".formatted(taken.size()));
    }
}
