package io.loreley.examples.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Cuts the square by a random line, and keeps the parent on one side and a mate, turned or mirrored at random, on the
/// other. Disks too many go, those that lie deepest in others first; disks too few are put into holes.
final class Cross implements Mutation {

    /// The cut passes this near to the square's centre.
    private static final double OFF_CENTRE = 0.3;

    @Override
    public Mutant apply(Layout parent, List<Mate> mates, RandomGenerator random) {
        Mate mate = mates.get(random.nextInt(mates.size()));
        double angle = random.nextDouble(2 * Math.PI);
        double offset = random.nextDouble(-OFF_CENTRE, OFF_CENTRE);
        List<Disk> disks = new ArrayList<>();
        for (Disk disk : parent.disks()) {
            if (side(disk, angle) < offset) {
                disks.add(disk);
            }
        }
        int kept = disks.size();
        for (Disk disk : mate.layout().turned(random.nextInt(8)).disks()) {
            if (side(disk, angle) >= offset) {
                disks.add(disk);
            }
        }
        Layout layout = fit(new Layout(disks), parent.size(), random);
        return new Mutant(
                layout, "kept %d circles and crossed with %s".formatted(Math.min(kept, parent.size()), mate.name()));
    }

    private static double side(Disk disk, double angle) {
        return (disk.x() - 0.5) * Math.cos(angle) + (disk.y() - 0.5) * Math.sin(angle);
    }

    private static Layout fit(Layout layout, int size, RandomGenerator random) {
        Layout fitted = layout;
        while (fitted.size() > size) {
            fitted = fitted.without(List.of(deepest(fitted)));
        }
        while (fitted.size() < size) {
            fitted = fitted.plusInHole(random);
        }
        return fitted;
    }

    /// The disk that overlaps others by the most. Each overlaps itself too, by its diameter, which is taken off.
    private static int deepest(Layout layout) {
        int deepest = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < layout.size(); i++) {
            Disk disk = layout.disks().get(i);
            double overlap = -2 * disk.r();
            for (Disk other : layout.disks()) {
                overlap += Math.max(0, disk.r() + other.r() - disk.distanceTo(other));
            }
            if (overlap > most) {
                deepest = i;
                most = overlap;
            }
        }
        return deepest;
    }
}
