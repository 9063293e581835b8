package io.loreley.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Of many, those that no other is at least as good as in everything and better in something. */
public final class ParetoFront {

    private ParetoFront() {}

    /**
     * The front, best in the first coordinate first. Of several with equal coordinates the first stays.
     *
     * @param coordinates of each, finite, higher is better, all of one length of at least 1
     */
    public static <T> List<T> of(List<T> all, Function<? super T, double[]> coordinates) {
        List<Point<T>> points = new ArrayList<>();
        all.forEach(one -> points.add(new Point<>(one, coordinates.apply(one).clone())));
        // Nothing can be dominated by what comes after it, so that one pass over the front so far is enough.
        points.sort(Comparator.comparing(Point::descending, Arrays::compare));
        List<Point<T>> front = new ArrayList<>();
        for (Point<T> point : points) {
            if (front.stream().noneMatch(better -> better.covers(point))) {
                front.add(point);
            }
        }
        return front.stream().map(Point::value).toList();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Point<T>(T value, double[] coordinates) {

        private double[] descending() {
            return Arrays.stream(coordinates).map(coordinate -> -coordinate).toArray();
        }

        private boolean covers(Point<T> other) {
            for (int i = 0; i < coordinates.length; i++) {
                if (coordinates[i] < other.coordinates[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
