package io.loreley.examples.packing;

import java.util.List;
import java.util.random.RandomGenerator;

/// Throws all disks of one round region anew within it and leaves the others alone.
final class Scatter implements Mutation {

    private static final double SMALLEST = 0.15;
    private static final double LARGEST = 0.45;

    @Override
    public Mutant apply(Layout parent, List<Mate> mates, RandomGenerator random) {
        double x = random.nextDouble();
        double y = random.nextDouble();
        double reach = random.nextDouble(SMALLEST, LARGEST);
        Layout layout = parent;
        int scattered = 0;
        for (int i = 0; i < parent.size(); i++) {
            if (parent.disks().get(i).distanceTo(x, y) < reach) {
                double angle = random.nextDouble(2 * Math.PI);
                double distance = reach * Math.sqrt(random.nextDouble());
                layout = layout.with(i, Disk.at(x + distance * Math.cos(angle), y + distance * Math.sin(angle)));
                scattered++;
            }
        }
        return new Mutant(layout, "scattered %d circles".formatted(scattered));
    }
}
