package io.loreley.scheduler;

import io.loreley.domain.Limits;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of the cold start go, each its own way: what the user says, or what the planner proposed when the root was
 * evaluated, or else a list that suits any code. For one thread.
 */
public final class Directions {

    /** Characters of a direction. */
    static final int LENGTH = 160;

    private static final Pattern ITEM = Pattern.compile("^\\s*(?:[-*•]|\\d+[.):])\\s+(.+)$");

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

    private final List<String> own;
    private final Supplier<String> proposal;
    private @Nullable List<String> chosen;

    /**
     * @param own the user's, or none
     * @param proposal what the planner said, empty for nothing; asked when the first seed is drawn
     */
    public Directions(List<String> own, Supplier<String> proposal) {
        this.own = List.copyOf(own);
        this.proposal = proposal;
    }

    /** What a seed is told, in one line; as many as there are directions go different ways. */
    String hint(long number) {
        List<String> directions = chosen();
        return Limits.clamp(
                "Cold start: this job begins at the root, others beside it go other ways. Your direction: "
                        + directions.get((int) (number % directions.size())),
                Limits.HINT);
    }

    private List<String> chosen() {
        List<String> known = chosen;
        if (known == null) {
            List<String> proposed = own.isEmpty() ? items(proposal.get()) : own;
            // One direction is none: all seeds would go the same way.
            known = proposed.isEmpty() || (own.isEmpty() && proposed.size() < 2) ? ANY_CODE : proposed;
            chosen = known;
        }
        return known;
    }

    /** The items of a list that somebody wrote, each in one line. */
    static List<String> items(String text) {
        return text.lines()
                .map(ITEM::matcher)
                .filter(Matcher::matches)
                .map(item -> Limits.clamp(Limits.oneLine(item.group(1)), LENGTH))
                .distinct()
                .toList();
    }
}
