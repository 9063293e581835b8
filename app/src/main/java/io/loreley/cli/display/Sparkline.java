package io.loreley.cli.display;

import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentStatus.Improvement;
import java.util.List;

/**
 * The best so far over the jobs, drawn in one line; the better, the higher. It begins with the first improvement on the
 * root, because the step from the root is often so large that all others vanish beside it.
 */
final class Sparkline {

    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * Draws the history.
     *
     * @param all oldest first, the root's own measure at its head
     * @param jobs how many jobs the line spans
     * @return empty where the root was improved on less than twice
     */
    static String of(List<Improvement> all, long jobs, Direction direction, int columns) {
        if (all.size() < 3) {
            return "";
        }
        List<Improvement> history = all.subList(1, all.size());
        long first = history.getFirst().job();
        long last = Math.max(jobs, history.getLast().job());
        double[] heights = new double[(int) Math.min(columns, last - first + 1)];
        for (int i = 0; i < heights.length; i++) {
            long until = heights.length == 1 ? last : first + (last - first) * i / (heights.length - 1);
            heights[i] = direction.oriented(bestUntil(history, until));
        }
        double low = direction.oriented(history.getFirst().value());
        double high = direction.oriented(history.getLast().value());
        StringBuilder line = new StringBuilder();
        for (double height : heights) {
            double share = high > low ? (height - low) / (high - low) : 0;
            line.append(BARS.charAt(Math.clamp(Math.round(share * (BARS.length() - 1)), 0, BARS.length() - 1)));
        }
        return line.toString();
    }

    private static double bestUntil(List<Improvement> history, long job) {
        double best = history.getFirst().value();
        for (Improvement improvement : history) {
            if (improvement.job() > job) {
                break;
            }
            best = improvement.value();
        }
        return best;
    }
}
