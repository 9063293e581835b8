package io.loreley.embedding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What must be known of a language to find its comments. Immutable.
 *
 * @param lines what begins a comment that ends with its line
 * @param wordsApart such a comment begins only at the start of a line or behind a blank, as in a shell's {@code ${#x}}
 * @param blocks opening and closing marks of other comments
 * @param nested comments may hold comments
 * @param quotes how strings are written, those first whose mark begins with that of another
 * @param traits what no table can say
 */
record Syntax(
        List<String> lines,
        boolean wordsApart,
        List<Block> blocks,
        boolean nested,
        List<Quote> quotes,
        Set<Trait> traits) {

    Syntax {
        lines = List.copyOf(lines);
        blocks = List.copyOf(blocks);
        quotes = List.copyOf(quotes);
        traits = Set.copyOf(traits);
    }

    static Syntax of(String... lines) {
        return new Syntax(List.of(lines), false, List.of(), false, List.of(), Set.of());
    }

    Syntax apart() {
        return new Syntax(lines, true, blocks, nested, quotes, traits);
    }

    Syntax block(String open, String close) {
        return new Syntax(lines, wordsApart, plus(blocks, new Block(open, close)), nested, quotes, traits);
    }

    Syntax nesting() {
        return new Syntax(lines, wordsApart, blocks, true, quotes, traits);
    }

    Syntax quote(Quote quote) {
        return new Syntax(lines, wordsApart, blocks, nested, plus(quotes, quote), traits);
    }

    Syntax with(Trait trait) {
        Set<Trait> more = EnumSet.of(trait);
        more.addAll(traits);
        return new Syntax(lines, wordsApart, blocks, nested, quotes, more);
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
        /** A single quote opens one character, or else is part of a number, a lifetime or a type. */
        CHARACTERS,
        /** {@code R"x(…)x"}. */
        CPP_RAW_STRINGS,
        /** {@code r##"…"##}. */
        RUST_RAW_STRINGS,
        /** A slash where no value can stand before it opens a regular expression. */
        REGULAR_EXPRESSIONS,
        /** {@code #[…]} is no comment. */
        HASH_BRACKETS,
        /** Block comments open and close at the start of a line only. */
        BLOCKS_AT_MARGIN,
        /** {@code <<END} begins a text that ends with a line of that word. */
        HERE_DOCUMENTS
    }
}
