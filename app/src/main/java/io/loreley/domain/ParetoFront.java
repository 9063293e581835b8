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
        for (T one : all) {
            double[] shortfall = Arrays.stream(coordinates.apply(one))
                    .map(coordinate -> -coordinate)
                    .toArray();
            points.add(new Point<>(one, shortfall));
        }
        // Nothing can be dominated by what comes after it, so that one pass over the front so far is enough.
        points.sort(Comparator.comparing(Point::shortfall, Arrays::compare));
        List<Point<T>> front = new ArrayList<>();
        for (Point<T> point : points) {
            if (front.stream().noneMatch(better -> better.covers(point))) {
                front.add(point);
            }
        }
        return front.stream().map(Point::value).toList();
    }

    /**
     * @param shortfall the coordinates, turned: lower is better
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Point<T>(T value, double[] shortfall) {

        private boolean covers(Point<T> other) {
            for (int i = 0; i < shortfall.length; i++) {
                if (shortfall[i] > other.shortfall[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
