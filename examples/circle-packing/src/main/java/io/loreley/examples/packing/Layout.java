package io.loreley.examples.packing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Disks in the unit square, as the search sees them. Immutable. Mutations may leave disks that overlap; [Polish]
/// returns layouts whose disks do not, up to rounding; [#snap()] removes the rounding.
record Layout(List<Disk> disks) {

    /// Radii lose at most this much each when a layout becomes exact; a polished one needs about 1e-16.
    private static final double MAX_SHRINK = 1e-6;

    /// Random points among which [#hole] looks for the emptiest.
    private static final int HOLE_SAMPLES = 400;

    Layout {
        disks = List.copyOf(disks);
    }

    int size() {
        return disks.size();
    }

    double sumOfRadii() {
        double sum = 0;
        for (Disk disk : disks) {
            sum += disk.r();
        }
        return sum;
    }

    Layout with(int index, Disk disk) {
        List<Disk> changed = new ArrayList<>(disks);
        changed.set(index, disk);
        return new Layout(changed);
    }

    Layout without(Collection<Integer> indices) {
        List<Disk> rest = new ArrayList<>();
        for (int i = 0; i < disks.size(); i++) {
            if (!indices.contains(i)) {
                rest.add(disks.get(i));
            }
        }
        return new Layout(rest);
    }

    /// This layout and one more disk in a large hole.
    Layout plusInHole(RandomGenerator random) {
        List<Disk> more = new ArrayList<>(disks);
        more.add(hole(random));
        return new Layout(more);
    }

    /// The largest empty disk among those around random points.
    private Disk hole(RandomGenerator random) {
        Disk best = new Disk(0.5, 0.5, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < HOLE_SAMPLES; i++) {
            Disk point = Disk.at(random.nextDouble(), random.nextDouble());
            double clearance = point.distanceToWall();
            for (Disk disk : disks) {
                clearance = Math.min(clearance, disk.distanceTo(point) - disk.r());
            }
            if (clearance > best.r()) {
                best = new Disk(point.x(), point.y(), clearance);
            }
        }
        return new Disk(best.x(), best.y(), Math.max(0, best.r()));
    }

    int smallest() {
        int smallest = 0;
        for (int i = 1; i < disks.size(); i++) {
            if (disks.get(i).r() < disks.get(smallest).r()) {
                smallest = i;
            }
        }
        return smallest;
    }

    /// One of the square's eight symmetries: quarter turns `0..3`, the same after a mirror `4..7`.
    Layout turned(int symmetry) {
        List<Disk> turned = new ArrayList<>();
        for (Disk disk : disks) {
            double x = symmetry >= 4 ? 1 - disk.x() : disk.x();
            double y = disk.y();
            turned.add(
                    switch (symmetry % 4) {
                        case 0 -> new Disk(x, y, disk.r());
                        case 1 -> new Disk(1 - y, x, disk.r());
                        case 2 -> new Disk(1 - x, 1 - y, disk.r());
                        default -> new Disk(y, 1 - x, disk.r());
                    });
        }
        return new Layout(turned);
    }

    /// The packing of these disks with every radius made smaller by the least hair (a power of ten) that makes it
    /// exactly valid; empty if no hair does, because disks truly overlap or are of the wrong number.
    Optional<Packing> snap() {
        for (double hair = 1e-17; hair <= MAX_SHRINK; hair *= 10) {
            Packing packing = shrunk(hair);
            if (ExactCheck.violations(packing).isEmpty()) {
                return Optional.of(packing);
            }
        }
        return Optional.empty();
    }

    private Packing shrunk(double hair) {
        BigDecimal shrink = new BigDecimal(Double.toString(hair));
        List<Circle> circles = new ArrayList<>();
        for (Disk disk : disks) {
            circles.add(new Circle(
                    BigDecimal.valueOf(disk.x()),
                    BigDecimal.valueOf(disk.y()),
                    BigDecimal.valueOf(disk.r()).subtract(shrink)));
        }
        return new Packing(circles);
    }
}
