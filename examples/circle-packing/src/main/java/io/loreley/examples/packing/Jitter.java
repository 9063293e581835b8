package io.loreley.examples.packing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Moves some disks by normal steps. The step's deviation is drawn between a tenth of a disk, which mostly falls back
/// to the parent, and several disks, which forgets where the moved ones were.
final class Jitter implements Mutation {

    private static final double SMALLEST = 0.01;
    private static final double LARGEST = 0.3;

    @Override
    public Mutant apply(Layout parent, List<Mate> mates, RandomGenerator random) {
        double deviation = SMALLEST * Math.pow(LARGEST / SMALLEST, random.nextDouble());
        int moved = 1 + random.nextInt(parent.size());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < parent.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        Layout layout = parent;
        for (int i : order.subList(0, moved)) {
            Disk disk = parent.disks().get(i);
            double x = disk.x() + deviation * random.nextGaussian();
            double y = disk.y() + deviation * random.nextGaussian();
            layout = layout.with(i, Disk.at(x, y));
        }
        return new Mutant(layout, "jittered %d circles".formatted(moved));
    }
}
