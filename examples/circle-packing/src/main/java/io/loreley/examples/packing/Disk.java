package io.loreley.examples.packing;

/// A circle that the search may move: doubles, not yet exact.
record Disk(double x, double y, double r) {

    /// Keeps centres off the walls, so that every disk can have a radius.
    private static final double MARGIN = 1e-3;

    /// A disk at (x, y), moved inside the square where it was not, whose radius is still to be found.
    static Disk at(double x, double y) {
        return new Disk(Math.clamp(x, MARGIN, 1 - MARGIN), Math.clamp(y, MARGIN, 1 - MARGIN), 0);
    }

    double distanceTo(double otherX, double otherY) {
        return Math.hypot(x - otherX, y - otherY);
    }

    double distanceTo(Disk other) {
        return distanceTo(other.x, other.y);
    }

    double distanceToWall() {
        return Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y));
    }
}
