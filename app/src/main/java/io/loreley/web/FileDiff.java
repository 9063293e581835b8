package io.loreley.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file's changes, line by line. Long lines and long diffs are cut: a page shows what a person can read.
 *
 * @param cut whether there is more than is here
 */
record FileDiff(List<Hunk> hunks, boolean cut) {

    static final FileDiff NONE = new FileDiff(List.of(), false);

    private static final int MOST_LINES = 6000;
    private static final int LONGEST_LINE = 2000;
    /** What stands in the last group is a candidate's: any character, also those that Java takes for the end of a line. */
    private static final Pattern HEADER =
            Pattern.compile("@@ -(\\d{1,9})(?:,\\d+)? \\+(\\d{1,9})(?:,\\d+)? @@ ?(.*)", Pattern.DOTALL);

    FileDiff {
        hunks = List.copyOf(hunks);
    }

    /** Lines that belong together; {@code title} is the function they are in, as git sees it. */
    record Hunk(String title, List<Line> lines) {}

    /**
     * One line.
     *
     * @param kind a space, plus or minus
     * @param before its number before; absent if it was added
     * @param after its number after; absent if it was removed
     * @param more characters that were cut off
     */
    record Line(
            String kind, @Nullable Integer before, @Nullable Integer after, String text, int more) {}

    /** Reads what git printed. */
    static FileDiff of(String patch) {
        List<Hunk> hunks = new ArrayList<>();
        int before = 0;
        int after = 0;
        int seen = 0;
        for (String line : patch.split("\n", -1)) {
            if (line.startsWith("@@")) {
                Matcher header = HEADER.matcher(line);
                boolean known = header.matches();
                before = known ? Integer.parseInt(header.group(1)) : before;
                after = known ? Integer.parseInt(header.group(2)) : after;
                // What cannot be read as a header is shown as one: the lines below it are never left out.
                hunks.add(new Hunk(shortened(known ? header.group(3) : line), new ArrayList<>()));
                continue;
            }
            if (hunks.isEmpty() || line.isEmpty() || line.charAt(0) == '\\') {
                continue;
            }
            if (++seen > MOST_LINES) {
                return new FileDiff(hunks, true);
            }
            char kind = line.charAt(0);
            int more = Math.max(0, line.length() - 1 - LONGEST_LINE);
            hunks.getLast()
                    .lines()
                    .add(new Line(
                            String.valueOf(kind),
                            kind == '+' ? null : before++,
                            kind == '-' ? null : after++,
                            shortened(line.substring(1)),
                            more));
        }
        return new FileDiff(hunks, false);
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) : text;
    }
}
