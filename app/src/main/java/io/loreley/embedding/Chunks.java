package io.loreley.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Divides a text into chunks that follow one another without gap or overlap, preferably before definitions. Where it
 * divides depends on the lines around, not on line numbers, so that an edit changes the chunks near it and leaves the
 * others as they were. Safe for many threads.
 */
final class Chunks {

    /** Longer chunks are divided whatever their lines are: an embedding model reads some thousand tokens. */
    static final int MAX_CHARACTERS = 12_000;

    private static final Pattern DEFINITION = Pattern.compile(
            "(?:@|#\\[|export|public|private|protected|internal|static|final|abstract|sealed|async|pub|unsafe|extern|def|class"
                    + "|record|enum|interface|struct|union|trait|impl|fn|func|fun|function|module|namespace|package|object|type"
                    + "|data|instance|sub|proc|procedure|template|typedef|create|begin|local function|let|const|var|val)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final int targetLines;

    Chunks(int targetLines) {
        this.targetLines = targetLines;
    }

    /** The chunks that are not blank, with lines ending in \n and nothing but blank lines left out. */
    List<String> of(String text) {
        List<String> lines = lines(text);
        List<String> chunks = new ArrayList<>();
        int start = 0;
        while (start < lines.size()) {
            int end = end(lines, start);
            String chunk = String.join("\n", lines.subList(start, end));
            if (!chunk.isBlank()) {
                chunks.add(chunk);
            }
            start = end;
        }
        return chunks;
    }

    /** Lines without blanks at their ends; one that is too long for a chunk becomes several. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int length = text.length();
        int start = 0;
        while (start < length) {
            int end = start;
            while (end < length && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            int next = end + (text.startsWith("\r\n", end) ? 2 : 1);
            for (int piece = start; piece < end || piece == start; piece += MAX_CHARACTERS) {
                lines.add(text.substring(piece, Math.min(end, piece + MAX_CHARACTERS))
                        .stripTrailing());
            }
            start = next;
        }
        return lines;
    }

    /**
     * The line before which the chunk that starts at {@code start} ends: the rest of the text if it fits, else the first
     * good place in the second half of the chunk, else the best there is.
     */
    private int end(List<String> lines, int start) {
        int limit = limit(lines, start);
        if (limit == lines.size()) {
            return limit;
        }
        int best = limit;
        int bestRank = 0;
        for (int i = start + Math.max(1, (limit - start) / 2); i <= limit; i++) {
            int rank = rank(lines, i);
            if (rank > bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        return best;
    }

    private int limit(List<String> lines, int start) {
        int end = start;
        int characters = 0;
        while (end < lines.size() && end - start < targetLines) {
            characters += lines.get(end).length() + 1;
            if (characters > MAX_CHARACTERS && end > start) {
                break;
            }
            end++;
        }
        return end;
    }

    /** How good it is to divide before a line: best before a definition at the margin that follows a blank line. */
    private static int rank(List<String> lines, int i) {
        String line = lines.get(i);
        if (line.isEmpty()) {
            return 0;
        }
        char first = line.charAt(0);
        boolean margin = Character.isLetterOrDigit(first) || first == '@' || line.startsWith("#[");
        boolean afterBlank = lines.get(i - 1).isEmpty();
        boolean definition = DEFINITION.matcher(line.strip()).matches();
        int rank = 0;
        if (afterBlank) {
            rank += 2;
        }
        if (definition) {
            rank += afterBlank ? 3 : 1;
        }
        if (margin) {
            rank += definition ? 4 : 1;
        }
        return rank;
    }
}
