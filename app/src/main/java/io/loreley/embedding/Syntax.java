package io.loreley.embedding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a language to find its comments. Immutable.
 *
 * @param lines what begins a comment that ends with its line
 * @param blocks opening and closing marks of other comments
 * @param exceptions what begins with such a mark, or holds one, and is code: directives to a compiler, single characters
 * @param quotes how strings are written, those first whose mark begins with that of another
 * @param hereDocument how texts of several lines are; absent if there are none
 * @param traits what no table can say
 */
record Syntax(
        List<String> lines,
        List<Block> blocks,
        List<String> exceptions,
        List<Quote> quotes,
        @Nullable HereDocument hereDocument,
        Set<Trait> traits) {

    Syntax {
        lines = List.copyOf(lines);
        blocks = List.copyOf(blocks);
        exceptions = List.copyOf(exceptions);
        quotes = List.copyOf(quotes);
        traits = Set.copyOf(traits);
    }

    static Syntax of(String... lines) {
        return new Syntax(List.of(lines), List.of(), List.of(), List.of(), null, Set.of());
    }

    Syntax apart() {
        return with(Trait.APART);
    }

    Syntax block(String open, String close) {
        return new Syntax(lines, plus(blocks, new Block(open, close)), exceptions, quotes, hereDocument, traits);
    }

    Syntax nesting() {
        return with(Trait.NESTING);
    }

    Syntax but(String... marks) {
        return new Syntax(lines, blocks, List.of(marks), quotes, hereDocument, traits);
    }

    Syntax quote(Quote quote) {
        return new Syntax(lines, blocks, exceptions, plus(quotes, quote), hereDocument, traits);
    }

    Syntax with(HereDocument texts) {
        return new Syntax(lines, blocks, exceptions, quotes, texts, traits);
    }

    Syntax with(Trait trait) {
        Set<Trait> more = EnumSet.of(trait);
        more.addAll(traits);
        return new Syntax(lines, blocks, exceptions, quotes, hereDocument, more);
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    /** Comment marks that may span lines. */
    record Block(String open, String close) {}

    /** What no table can say. */
    enum Trait {
        /** A line's comment begins only at its start or behind a blank, as in a shell's {@code ${#x}}. */
        APART,
        /** A line's comment begins only at its start: {@code color = #fff}. */
        AT_START,
        /** Comments may hold comments. */
        NESTING,
        /** A single quote opens one character, or else is part of a number, a lifetime or a type. */
        CHARACTERS,
        /** {@code R"x(…)x"}. */
        CPP_RAW_STRINGS,
        /** {@code r##"…"##}. */
        RUST_RAW_STRINGS,
        /** A slash where no value can stand before it opens a regular expression. */
        REGULAR_EXPRESSIONS,
        /** Block comments open and close at the start of a line only. */
        BLOCKS_AT_MARGIN,
        /** {@code -->} and {@code |--} are operators. */
        DASH_OPERATORS,
        /** {@code |} and {@code >} at a line's end open a text of all lines that are indented further. */
        BLOCK_SCALARS,
        /** Code stands between {@code <?php} and {@code ?>}; all else is markup. */
        PHP_TAGS
    }
}
