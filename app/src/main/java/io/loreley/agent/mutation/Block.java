package io.loreley.agent.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line with all that hangs below it: the lines indented deeper, and the line that closes them at its own depth. Where
 * nothing is indented, a block is a line. Most languages are laid out so, and no parser is needed to tell.
 *
 * @param from its first line
 * @param to the line after its last
 */
record Block(int from, int to) {

    private static final Pattern CLOSING = Pattern.compile("\\s*([})\\]]|</|(end|fi|done|esac)\\b).*", Pattern.DOTALL);

    int length() {
        return to - from;
    }

    List<String> lines(Text text) {
        return text.lines().subList(from, to);
    }

    /** The block that begins at a line that is not blank. */
    static Block at(Text text, int line) {
        int depth = text.indentation(line);
        int end = line + 1;
        for (int i = line + 1; i < text.lines().size(); i++) {
            int indentation = text.indentation(i);
            if (indentation > depth) {
                end = i + 1;
            } else if (indentation >= 0) {
                boolean closes = indentation == depth
                        && end > line + 1
                        && CLOSING.matcher(text.lines().get(i)).matches();
                return new Block(line, closes ? i + 1 : end);
            }
        }
        return new Block(line, end);
    }

    /** All blocks, nested ones included, in the order of their first lines; a closing line begins none. */
    static List<Block> all(Text text) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < text.lines().size(); i++) {
            if (text.indentation(i) >= 0
                    && !CLOSING.matcher(text.lines().get(i)).matches()) {
                blocks.add(at(text, i));
            }
        }
        return blocks;
    }

    /** The other blocks at its depth under the same parent. */
    List<Block> siblings(Text text, List<Block> all) {
        int depth = text.indentation(from);
        int first = from;
        while (first > 0 && !(text.indentation(first - 1) >= 0 && text.indentation(first - 1) < depth)) {
            first--;
        }
        int last = to;
        while (last < text.lines().size() && !(text.indentation(last) >= 0 && text.indentation(last) < depth)) {
            last++;
        }
        List<Block> siblings = new ArrayList<>();
        for (Block other : all) {
            boolean inside = other.from >= first && other.to <= last;
            if (inside && !other.equals(this) && text.indentation(other.from) == depth) {
                siblings.add(other);
            }
        }
        return siblings;
    }
}
