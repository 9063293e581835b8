package io.loreley.embedding;

import io.loreley.mapelites.Vector;

/**
 * Where a commit lies, seen from the root commit of its experiment. The direction says what differs from the root, the
 * distance how much; files that are as in the root cancel exactly, and so one edit says as much in a repository of ten
 * files as in one of ten thousand, where the mean of all files would hardly move.
 *
 * <p>With D the difference of the two sums of file vectors, the vector is D, its length d drawn in to ln(1 + d/δ), with one
 * more element that is always the same. The logarithm keeps a rewrite of everything from making all edits look alike. The
 * last element keeps the distance where vectors are scaled to length 1 later: the root is a pole, and a commit lies the
 * farther from it the more differs. The root itself is no special case.
 */
final class Displacement {

    /** δ: distances below it count in full. An edit of a few lines, where 1 is an unlike chunk. */
    private static final double SMALL_EDIT = 0.1;

    /** The last element: the commit at which direction and pole weigh the same differs in ln(1 + d/δ) = 2, some 0.6 chunks. */
    private static final double POLE = 2;

    private final double[] root;

    Displacement(Vector rootSum) {
        this.root = rootSum.toArray();
    }

    /** One element longer than the sum. */
    Vector of(Vector sum) {
        double[] place = new double[root.length + 1];
        double squares = 0;
        for (int i = 0; i < root.length; i++) {
            place[i] = sum.get(i) - root[i];
            squares += place[i] * place[i];
        }
        double distance = Math.sqrt(squares);
        if (distance > 0) {
            double factor = StrictMath.log1p(distance / SMALL_EDIT) / distance;
            for (int i = 0; i < root.length; i++) {
                place[i] *= factor;
            }
        }
        place[root.length] = POLE;
        return Vector.of(place);
    }
}
