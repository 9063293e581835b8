package io.loreley.examples.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Moves disks and sets their radii until their sum is a local maximum: sequential linear programming.
///
/// Two disks are apart if the distance of their centres is at least the sum of their radii. Replaced by its part along
/// the present direction between the centres, that distance is linear in the centres, and never longer than the true
/// one. The best centres and radii under the replaced constraints are one linear program; its solution keeps the true
/// constraints, and contains the present layout among its choices. So every round is valid and no round is worse, and
/// neither a trust region nor a line search is needed. (A convex-concave procedure: Yuille and Rangarajan, Neural
/// Computation 15(4), 2003.) Near a rigid packing, where contacts fix all centres, it converges like Newton's method.
///
/// The radii at the start do not matter; they follow from the centres.
final class Polish {

    /// A round that gains less ends the polish; the sum then has all the digits that a double of its size carries.
    private static final double LEAST_GAIN = 1e-13;

    /// A program's distance to its optimum, relative to what the last round gained.
    private static final double GAP_PER_GAIN = 1e-3;

    private static final double TIGHTEST_GAP = 1e-14;

    /// Centres that coincide are set apart this far first: a direction between them must exist.
    private static final double APART = 1e-4;

    private static final int MAX_ROUNDS = 200;

    private Polish() {}

    /// The best layout reached before `stop` says so, which is asked after every round.
    static Layout polish(Layout layout, BooleanSupplier stop) {
        Layout current = spread(layout);
        double sum = 0;
        double gain = 1;
        int round = 0;
        do {
            Layout next = solve(current, Math.max(TIGHTEST_GAP, GAP_PER_GAIN * gain));
            double reached = next.sumOfRadii();
            gain = reached - sum;
            if (gain > 0) {
                current = next;
                sum = reached;
            }
            round++;
        } while (gain > LEAST_GAIN && round < MAX_ROUNDS && !stop.getAsBoolean());
        return current;
    }

    private static Layout solve(Layout layout, double gap) {
        int n = layout.size();
        LinearProgram program = new LinearProgram(3 * n);
        double[] objective = new double[3 * n];
        Arrays.fill(objective, 2 * n, 3 * n, 1);
        double[] start = new double[3 * n];
        for (int i = 0; i < n; i++) {
            Disk disk = layout.disks().get(i);
            addWalls(program, i, n);
            double room = disk.distanceToWall();
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    Disk other = layout.disks().get(j);
                    double distance = disk.distanceTo(other);
                    room = Math.min(room, distance / 2);
                    if (j < i) {
                        addPair(program, i, disk, j, other, distance, n);
                    }
                }
            }
            start[i] = disk.x();
            start[n + i] = disk.y();
            start[2 * n + i] = 0.9 * room;
        }
        double[] best = program.maximise(objective, start, gap);
        List<Disk> disks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            disks.add(new Disk(best[i], best[n + i], best[2 * n + i]));
        }
        return new Layout(disks);
    }

    private static void addWalls(LinearProgram program, int i, int n) {
        int r = 2 * n + i;
        for (int centre : new int[] {i, n + i}) {
            program.row(0).term(r, 1).term(centre, -1);
            program.row(1).term(r, 1).term(centre, 1);
        }
        program.row(0).term(r, -1);
    }

    private static void addPair(LinearProgram program, int i, Disk a, int j, Disk b, double distance, int n) {
        double ux = (a.x() - b.x()) / distance;
        double uy = (a.y() - b.y()) / distance;
        program.row(0)
                .term(2 * n + i, 1)
                .term(2 * n + j, 1)
                .term(i, -ux)
                .term(j, ux)
                .term(n + i, -uy)
                .term(n + j, uy);
    }

    /// Centres inside the square and apart from each other, moved only where they were not.
    private static Layout spread(Layout layout) {
        List<Disk> spread = new ArrayList<>();
        for (Disk disk : layout.disks()) {
            Disk placed = Disk.at(disk.x(), disk.y());
            for (int turn = 0; isClose(placed, spread); turn++) {
                double angle = 2.4 * turn;
                double reach = APART * (1 + turn);
                placed = Disk.at(disk.x() + reach * Math.cos(angle), disk.y() + reach * Math.sin(angle));
            }
            spread.add(placed);
        }
        return new Layout(spread);
    }

    private static boolean isClose(Disk disk, List<Disk> others) {
        return others.stream().anyMatch(other -> disk.distanceTo(other) < APART / 2);
    }
}
