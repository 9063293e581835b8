package io.loreley.scheduler;

import io.loreley.domain.Limits;
import java.util.List;

/** Where the jobs of the cold start go, each its own way: what the user says, or else a list that suits any code. */
final class Directions {

    private static final List<String> ANY_CODE = List.of(
            "Replace the central algorithm by one of another kind.",
            "Keep the algorithm, and tune its constants and thresholds.",
            "Change how the data is laid out or represented, and leave the steps alone.",
            "Simplify: remove whatever does not earn its place.",
            "Divide the problem, solve the parts apart, and join what comes out.",
            "Spend more effort where it matters most, and less everywhere else.",
            "Reuse: keep what was computed once, and compute nothing twice.",
            "Begin from a better starting point, then improve it step by step.",
            "Search several ways at once and keep the best.",
            "Use randomness where choices are now fixed, or fix what is now random.",
            "Treat the special and boundary cases by themselves.",
            "Borrow a method from a neighbouring field.",
            "Work backwards from what a perfect result would look like.",
            "Combine two simple methods, each for what it does best.",
            "Do the expensive step exactly where it is now approximate, or the other way round.",
            "Reorder the work so that each step makes the next one easier.");

    private final List<String> directions;

    /** @param own the user's; none for the general ones */
    Directions(List<String> own) {
        this.directions = own.isEmpty() ? ANY_CODE : own;
    }

    /** What the seed of a draw is told, in one line. */
    String hint(long draw) {
        String direction = directions.get((int) (draw % directions.size()));
        return Limits.clamp(
                "Cold start: this job begins at the root, others beside it go other ways. Your direction: " + direction,
                Limits.HINT);
    }
}
