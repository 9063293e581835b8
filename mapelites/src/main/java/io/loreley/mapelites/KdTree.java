package io.loreley.mapelites;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Finds the nearest of fixed points (Bentley 1975). Equally near points come in the order of their numbers.
 *
 * <p>The tree is an order of the points: the root of a range is its middle, the points before it are not above it on the
 * axis of that level, those after it not below.
 */
final class KdTree {

    private final double[][] points;
    private final int dimensions;
    private final int[] order;

    /**
     * @param points at least one; kept, not copied
     */
    KdTree(double[][] points) {
        this.points = points;
        this.dimensions = points[0].length;
        Integer[] numbers = IntStream.range(0, points.length).boxed().toArray(Integer[]::new);
        arrange(numbers, 0, numbers.length, 0);
        this.order = Arrays.stream(numbers).mapToInt(Integer::intValue).toArray();
    }

    private void arrange(Integer[] numbers, int from, int to, int axis) {
        if (to - from < 2) {
            return;
        }
        Arrays.sort(numbers, from, to, Comparator.comparingDouble(number -> points[number][axis]));
        int middle = (from + to) >>> 1;
        int next = (axis + 1) % dimensions;
        arrange(numbers, from, middle, next);
        arrange(numbers, middle + 1, to, next);
    }

    int nearest(double[] point) {
        return nearest(point, 1)[0];
    }

    /** The numbers of the nearest points, nearest first; fewer than {@code count} if there are no more. */
    int[] nearest(double[] point, int count) {
        Search search = new Search(point, Math.min(count, order.length));
        search.visit(0, order.length, 0);
        return search.found;
    }

    /** The nearest points found so far, in order, by insertion. */
    private final class Search {

        private final double[] point;
        private final int[] found;
        private final double[] squaredDistances;

        Search(double[] point, int count) {
            this.point = point;
            this.found = new int[count];
            this.squaredDistances = new double[count];
            Arrays.fill(found, Integer.MAX_VALUE);
            Arrays.fill(squaredDistances, Double.POSITIVE_INFINITY);
        }

        void visit(int from, int to, int axis) {
            if (from >= to) {
                return;
            }
            int middle = (from + to) >>> 1;
            int number = order[middle];
            offer(number);
            double beyond = point[axis] - points[number][axis];
            int next = (axis + 1) % dimensions;
            if (beyond < 0) {
                visit(from, middle, next);
            } else {
                visit(middle + 1, to, next);
            }
            // As near as the farthest found is near enough: an equally near point may have a lower number.
            if (found.length > 0 && beyond * beyond <= squaredDistances[found.length - 1]) {
                if (beyond < 0) {
                    visit(middle + 1, to, next);
                } else {
                    visit(from, middle, next);
                }
            }
        }

        private void offer(int number) {
            double squared = 0;
            for (int axis = 0; axis < dimensions; axis++) {
                double difference = point[axis] - points[number][axis];
                squared += difference * difference;
            }
            int place = found.length;
            while (place > 0 && precedes(squared, number, place - 1)) {
                place--;
                if (place + 1 < found.length) {
                    found[place + 1] = found[place];
                    squaredDistances[place + 1] = squaredDistances[place];
                }
            }
            if (place < found.length) {
                found[place] = number;
                squaredDistances[place] = squared;
            }
        }

        private boolean precedes(double squared, int number, int place) {
            return squared < squaredDistances[place] || (squared == squaredDistances[place] && number < found[place]);
        }
    }
}
