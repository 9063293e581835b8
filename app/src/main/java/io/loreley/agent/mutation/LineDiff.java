package io.loreley.agent.mutation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The fewest lines that turn one text into another, as hunks: Myers, "An O(ND) difference algorithm and its variations"
 * (1986). Texts that differ by more than {@link #LIMIT} lines are one hunk; nothing could be told from them anyway.
 */
final class LineDiff {

    /** Bounds the memory: the trace holds the square of it. */
    private static final int LIMIT = 1_000;

    private LineDiff() {}

    /** Hunks in order, with at least one equal line between any two. */
    static List<Hunk> between(List<String> from, List<String> to) {
        int prefix = 0;
        while (prefix < from.size() && prefix < to.size() && from.get(prefix).equals(to.get(prefix))) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < from.size() - prefix
                && suffix < to.size() - prefix
                && from.get(from.size() - 1 - suffix).equals(to.get(to.size() - 1 - suffix))) {
            suffix++;
        }
        List<String> a = from.subList(prefix, from.size() - suffix);
        List<String> b = to.subList(prefix, to.size() - suffix);
        if (a.isEmpty() && b.isEmpty()) {
            return List.of();
        }
        List<int[]> trace = trace(a, b);
        if (trace.isEmpty()) {
            return List.of(new Hunk(prefix, prefix + a.size(), prefix, prefix + b.size()));
        }
        return hunks(trace, a.size(), b.size(), prefix);
    }

    /**
     * For each number of differences d, how far each diagonal k = x − y is reached with d of them, at index k + d + 1.
     * Empty if the limit was passed.
     */
    private static List<int[]> trace(List<String> a, List<String> b) {
        List<int[]> trace = new ArrayList<>();
        for (int d = 0; d <= Math.min(LIMIT, a.size() + b.size()); d++) {
            int[] reached = new int[2 * d + 3];
            trace.add(reached);
            for (int k = -d; k <= d; k += 2) {
                int x = d == 0 ? 0 : start(trace.get(d - 1), d, k);
                int y = x - k;
                while (x < a.size()
                        && y < b.size()
                        && x >= 0
                        && y >= 0
                        && a.get(x).equals(b.get(y))) {
                    x++;
                    y++;
                }
                reached[k + d + 1] = x;
                if (x >= a.size() && y >= b.size()) {
                    return trace;
                }
            }
        }
        return List.of();
    }

    /** Where diagonal k is entered with the d-th difference: from below by an insertion, or from the left by a deletion. */
    private static int start(int[] before, int d, int k) {
        return isInsertion(before, d, k) ? before[k + 1 + d] : before[k - 1 + d] + 1;
    }

    private static boolean isInsertion(int[] before, int d, int k) {
        return k == -d || (k != d && before[k - 1 + d] < before[k + 1 + d]);
    }

    /** Walks the trace back from the end; neighbouring differences are one hunk. */
    private static List<Hunk> hunks(List<int[]> trace, int aSize, int bSize, int shift) {
        List<Hunk> hunks = new ArrayList<>();
        int x = aSize;
        int y = bSize;
        for (int d = trace.size() - 1; d > 0; d--) {
            int[] before = trace.get(d - 1);
            int k = x - y;
            boolean insertion = isInsertion(before, d, k);
            int previousX = insertion ? before[k + 1 + d] : before[k - 1 + d];
            int previousY = previousX - (insertion ? k + 1 : k - 1);
            int endX = insertion ? previousX : previousX + 1;
            int endY = insertion ? previousY + 1 : previousY;
            Hunk hunk = new Hunk(previousX + shift, endX + shift, previousY + shift, endY + shift);
            Hunk next = hunks.isEmpty() ? null : hunks.getLast();
            if (next != null && next.from() == hunk.to() && next.newFrom() == hunk.newTo()) {
                hunks.set(hunks.size() - 1, new Hunk(hunk.from(), next.to(), hunk.newFrom(), next.newTo()));
            } else {
                hunks.add(hunk);
            }
            x = previousX;
            y = previousY;
        }
        Collections.reverse(hunks);
        return hunks;
    }

    /** Lines {@code from} to {@code to} of the one text stand where {@code newFrom} to {@code newTo} stand in the other. */
    record Hunk(int from, int to, int newFrom, int newTo) {

        int growth() {
            return newTo - newFrom - (to - from);
        }

        /** Whether both change the same lines of the first text, or lines side by side. */
        boolean touches(Hunk other) {
            return from <= other.to && other.from <= to;
        }
    }
}
